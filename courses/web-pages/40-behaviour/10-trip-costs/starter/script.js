const form = document.querySelector("#entry");

form.addEventListener("submit", (event) => {
  event.preventDefault();
});
