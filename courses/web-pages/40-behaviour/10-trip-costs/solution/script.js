const form = document.querySelector("#entry");
const what = document.querySelector("#what");
const euros = document.querySelector("#euros");
const body = document.querySelector("#costs");
const sum = document.querySelector("#sum");
const message = document.querySelector("#message");
const costs = [];

const text = (cents) => (cents / 100).toFixed(2);

function draw() {
  body.replaceChildren();
  let all = 0;
  costs.forEach((cost, at) => {
    const row = document.createElement("tr");
    for (const words of [cost.what, text(cost.cents)]) {
      const cell = document.createElement("td");
      cell.textContent = words;
      row.append(cell);
    }
    const cell = document.createElement("td");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Remove";
    button.dataset.at = at;
    cell.append(button);
    row.append(cell);
    body.append(row);
    all = all + cost.cents;
  });
  sum.textContent = text(all);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const name = what.value.trim();
  const cents = Math.round(Number(euros.value) * 100);
  if (name === "" || !(cents > 0)) {
    message.textContent = "Please fill in both fields.";
    return;
  }
  costs.push({ what: name, cents });
  what.value = "";
  euros.value = "";
  message.textContent = "";
  draw();
});

body.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button) {
    costs.splice(Number(button.dataset.at), 1);
    draw();
  }
});

draw();
