// Gallery: thumbnails move the row, the row marks its thumbnail, a click opens the large picture.
// Without JavaScript thumbnails are anchors, and a picture links to its large file.

const behaviour = () => (matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth");

function wire(gallery) {
  if (gallery.dataset.wired) return;
  gallery.dataset.wired = "yes";
  const row = gallery.querySelector(".gallery-views");
  const views = [...row.children];
  const thumbs = [...gallery.querySelectorAll(".gallery-thumbs a")];
  const show = (index) => row.scrollTo({ left: views[index].offsetLeft - row.offsetLeft, behavior: behaviour() });

  thumbs.forEach((thumb, index) => {
    thumb.addEventListener("click", (event) => {
      event.preventDefault();
      show(index);
    });
  });

  const mark = new IntersectionObserver(
    (entries) => {
      for (const entry of entries.filter((one) => one.isIntersecting)) {
        const index = views.indexOf(entry.target);
        thumbs.forEach((thumb, at) => {
          if (at === index) thumb.setAttribute("aria-current", "true");
          else thumb.removeAttribute("aria-current");
        });
      }
    },
    { root: row, threshold: 0.6 },
  );
  views.forEach((view) => mark.observe(view));

  const dialog = gallery.querySelector("dialog");
  const large = dialog?.querySelector("img");
  if (!dialog || !large) return;
  row.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    large.src = link.href;
    large.alt = link.querySelector("img")?.alt ?? "";
    dialog.showModal();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
}

const wireAll = () => document.querySelectorAll("[data-gallery]").forEach(wire);
wireAll();
document.addEventListener("htmx:afterSettle", wireAll);

// Choosing an option shows that variant at once; without JavaScript a button does.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-picker]");
  if (form && event.target.type === "radio") form.requestSubmit();
});
