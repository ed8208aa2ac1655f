const form = document.querySelector("#timer");
const seconds = document.querySelector("#seconds");

form.addEventListener("submit", () => {
  console.log(seconds.value);
});
