const board = document.querySelector("#board");
const count = document.querySelector("#count");

function show(trains) {
  board.replaceChildren();
  for (const train of trains) {
    const item = document.createElement("li");
    item.textContent = `${train.time} ${train.to}`;
    if (train.delay > 0) {
      item.textContent += ` +${train.delay}`;
      item.classList.add("late");
    }
    board.append(item);
  }
  count.textContent = trains.length === 1 ? "1 train" : `${trains.length} trains`;
}

show([{ time: "14:05", to: "Harbour", delay: 0 }]);
