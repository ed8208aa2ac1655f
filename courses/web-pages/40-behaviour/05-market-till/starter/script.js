function priceText(cents) {
  console.log("€" + cents);
}

function total(items) {
  return 0;
}

function withDiscount(cents) {
  return cents;
}
