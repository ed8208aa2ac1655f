const enter = document.querySelector("#in");
let inside = 0;

enter.addEventListener("click", () => {
  inside = inside + 1;
});
