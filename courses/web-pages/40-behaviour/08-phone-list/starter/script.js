const field = document.querySelector("#search");

field.addEventListener("input", () => {
  console.log(field.value);
});
