const field = document.querySelector("#search");
const found = document.querySelector("#found");
const people = document.querySelectorAll("#people li");

function filter() {
  const wanted = field.value.trim().toLowerCase();
  let visible = 0;
  for (const person of people) {
    person.hidden = !person.textContent.toLowerCase().includes(wanted);
    if (!person.hidden) {
      visible = visible + 1;
    }
  }
  found.textContent = visible === 0 ? "Nobody found" : `${visible} found`;
}

field.addEventListener("input", filter);
field.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    field.value = "";
    filter();
  }
});
filter();
