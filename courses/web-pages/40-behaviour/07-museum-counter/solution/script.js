const enter = document.querySelector("#in");
const leave = document.querySelector("#out");
const number = document.querySelector("#inside");
const message = document.querySelector("#message");
const most = 20;
let inside = 0;

function update() {
  number.textContent = inside;
  leave.disabled = inside === 0;
  enter.disabled = inside === most;
  message.textContent = inside === most ? "The museum is full." : "";
}

enter.addEventListener("click", () => {
  inside = inside + 1;
  update();
});
leave.addEventListener("click", () => {
  inside = inside - 1;
  update();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "0") {
    inside = 0;
    update();
  }
});
update();
