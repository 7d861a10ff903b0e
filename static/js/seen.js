// Recently seen: remembered on this device alone, and shown by asking for the cards of a few product ids.
// And what goes with a product, without what is in the basket already.

const KEY = "seen";
const MOST = 12;

function readSeen() {
  try {
    const known = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(known) ? known.filter(Number.isSafeInteger).slice(0, MOST) : [];
  } catch {
    return [];
  }
}

function remember(id) {
  try {
    localStorage.setItem(KEY, JSON.stringify([id, ...readSeen().filter((one) => one !== id)].slice(0, MOST)));
  } catch {
    // A browser that keeps nothing shows nothing.
  }
}

async function fetchInto(place, address) {
  const answer = await fetch(address, { credentials: "same-origin" }).catch(() => null);
  if (answer?.ok) place.innerHTML = await answer.text();
}

const page = document.querySelector("[data-product-id]");
const current = Number(page?.dataset.productId);

const seen = document.querySelector("[data-seen]");
const others = readSeen().filter((id) => id !== current);
if (seen && others.length) fetchInto(seen, `/seen/?${others.map((id) => `id=${id}`).join("&")}`);
if (current) remember(current);

const goesWith = document.querySelector("[data-goes-with]");
const count = /(?:^|; )basket_count=(\d+)/.exec(document.cookie)?.[1];
if (goesWith && Number(count)) {
  goesWith.hidden = true;
  fetchInto(goesWith, goesWith.dataset.goesWith).finally(() => {
    goesWith.hidden = false;
  });
}
