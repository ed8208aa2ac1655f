const form = document.querySelector("#timer");
const seconds = document.querySelector("#seconds");
const stop = document.querySelector("#stop");
const shown = document.querySelector("#left");
const message = document.querySelector("#message");
let left = 0;
let timer = null;

function tick() {
  left = left - 1;
  shown.textContent = left;
  if (left === 0) {
    clearInterval(timer);
    message.textContent = "Your tea is ready.";
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearInterval(timer);
  left = Number(seconds.value);
  shown.textContent = left;
  message.textContent = "";
  timer = setInterval(tick, 1000);
});
stop.addEventListener("click", () => clearInterval(timer));
