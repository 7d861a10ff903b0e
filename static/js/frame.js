// The frame of every page: counts of basket and wish list, messages, menus, search suggestions.
// Pages are the same for everyone, so the personal bits are filled in here.

const readCookie = (name) =>
  document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);

/** Show how many things are in the basket or on the wish list; with `isNew` a number that changed arrives visibly. */
function showCount(selector, count, isNew) {
  const place = document.querySelector(selector);
  if (!place) return;
  const number = Number.parseInt(count, 10) || 0;
  const shown = place.querySelector("span");
  place.hidden = number === 0;
  place.classList.toggle("count-new", isNew && shown.textContent !== String(number));
  shown.textContent = number;
}

function showCounts(isNew) {
  showCount("[data-basket-count]", readCookie("basket_count"), isNew);
  showCount("[data-wish-count]", readCookie("wish_count"), isNew);
}

showCounts(false);
addEventListener("pageshow", () => showCounts(false));
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.requestConfig?.verb !== "get") showCounts(true);
});

document.addEventListener("click", (event) => {
  event.target.closest("[data-dismiss]")?.closest(".message")?.remove();
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
  if (!event.target.closest(".site-search")) document.getElementById("suggestions")?.replaceChildren();
});

document.addEventListener("keydown", (event) => {
  const list = document.getElementById("suggestions");
  if (event.key === "Escape") {
    const menu = document.activeElement?.closest("details.menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
    list?.replaceChildren();
  }
  if (!list || !event.target.closest(".site-search") || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
  const stops = [document.getElementById("search"), ...list.querySelectorAll("a")];
  const next = stops.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
  if (stops.length > 1) {
    event.preventDefault();
    stops[(next + stops.length) % stops.length].focus();
  }
});

// Plus and minus beside a number field; without JavaScript the field alone does the work.
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-step]");
  const input = button?.closest(".stepper")?.querySelector("input");
  if (!input) return;
  if (Number(button.dataset.step) > 0) input.stepUp();
  else input.stepDown();
  input.dispatchEvent(new Event("change", { bubbles: true }));
});

// Once is enough: a second click on a slow line must not send the form again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once]")) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
  form.querySelector('[type="submit"]')?.setAttribute("aria-busy", "true");
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelector('[type="submit"]')?.removeAttribute("aria-busy");
  }
});

// How long it still takes: the page says it when it is drawn, and here it goes on counting.
const waiting = document.querySelector("[data-minutes-until]");
if (waiting) {
  setInterval(() => {
    const minutes = Math.max(0, Math.ceil((Date.parse(waiting.dataset.minutesUntil) - Date.now()) / 60_000));
    waiting.textContent = minutes === 1 ? "1 minute" : `${minutes} minutes`;
  }, 5000);
}
