// Filters answer at once where there is room for the list beside them; in the drawer a button shows the result.

const wide = matchMedia("(min-width: 64rem)");

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-facets]");
  if (form && wide.matches) form.requestSubmit();
});

// Empty fields say nothing: keep them out of the address.
document.addEventListener("formdata", (event) => {
  if (!event.target.matches("form[data-facets]")) return;
  for (const [name, value] of [...event.formData]) {
    if (value === "") event.formData.delete(name);
  }
});
document.addEventListener("htmx:configRequest", (event) => {
  if (!event.target.matches("form[data-facets]")) return;
  const { formData } = event.detail;
  for (const [name, value] of [...formData]) {
    if (value === "") formData.delete(name);
  }
});
