// The provider's card fields: mounted, sent off, refusals shown. No card number passes through here.

const form = document.getElementById("card-form");
const refusal = document.getElementById("card-refusal");
const button = form?.querySelector("button");

function say(words) {
  refusal.textContent = words;
  refusal.hidden = !words;
}

async function mount() {
  const checkout = window.Stripe(form.dataset.key).initCheckoutElementsSdk({ clientSecret: form.dataset.secret });
  checkout.createPaymentElement().mount("#card-fields");
  const loaded = await checkout.loadActions();
  form.hidden = false;
  if (loaded.type !== "success") throw new Error(loaded.error?.message);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    say("");
    button.disabled = true;
    // After a payment the provider leads back to the order's page; only a refusal comes back here.
    const answer = await loaded.actions.confirm().catch((problem) => ({ type: "error", error: problem }));
    if (answer.type === "error") {
      say(answer.error?.message || "The payment did not go through. Nothing was charged; please try again.");
      button.disabled = false;
    }
  });
}

if (form) {
  mount().catch(() => {
    form.hidden = false;
    button.hidden = true;
    say("The card fields could not be shown. Please pay at the provider's own page, below.");
  });
}
