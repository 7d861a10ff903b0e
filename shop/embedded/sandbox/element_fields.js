// Inside the frame: what was typed goes to the sandbox, its answer to the page around.
addEventListener("message", async (event) => {
  if (event.source !== parent || event.data?.act !== "confirm") return;
  const body = new URLSearchParams(new FormData(document.querySelector("form")));
  const answer = await fetch(location.href, { method: "POST", body }).then(
    (got) => got.json(),
    () => ({ message: "The payment provider did not answer. Please try again." }),
  );
  parent.postMessage(answer, event.origin);
});
document.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
