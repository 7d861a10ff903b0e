// A stand-in for the payment provider's script: the part of its interface that a shop with card fields uses.
(() => {
  const home = new URL(document.currentScript.src).origin;

  /** Ask the frame to pay; its answer is {url} or {message}. */
  const ask = (frame) =>
    new Promise((resolve) => {
      const hear = (event) => {
        if (event.origin !== home || event.source !== frame.contentWindow) return;
        removeEventListener("message", hear);
        resolve(event.data);
      };
      addEventListener("message", hear);
      frame.contentWindow.postMessage({ act: "confirm" }, home);
    });

  window.Stripe = (key) => ({
    initCheckoutElementsSdk({ clientSecret }) {
      if (!key.startsWith("pk_")) throw new Error("A publishable key is needed.");
      const frame = document.createElement("iframe");
      frame.title = "Secure card fields";
      frame.height = "180";
      frame.frameBorder = "0";
      frame.width = "100%";
      const shown = new Promise((resolve) => frame.addEventListener("load", resolve, { once: true }));
      const session = clientSecret.split("_secret_")[0];
      frame.src = `${home}/elements/${session}?secret=${encodeURIComponent(clientSecret)}`;
      const confirm = async () => {
        const { url, message } = await ask(frame);
        if (!url) return { type: "error", error: { message } };
        location.assign(url);
        return { type: "success" };
      };
      return {
        createPaymentElement: () => ({ mount: (place) => document.querySelector(place).append(frame) }),
        loadActions: async () => {
          await shown;
          return { type: "success", actions: { confirm, getSession: () => ({ id: session }) } };
        },
      };
    },
  });
})();
