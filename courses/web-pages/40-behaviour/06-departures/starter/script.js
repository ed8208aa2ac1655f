const board = document.querySelector("#board");
const count = document.querySelector("#count");

function show(trains) {
  board.innerHTML += trains[0].to;
}

show([{ time: "14:05", to: "Harbour", delay: 0 }]);
