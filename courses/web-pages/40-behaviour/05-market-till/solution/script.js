function priceText(cents) {
  return `€${(cents / 100).toFixed(2)}`;
}

function total(items) {
  let sum = 0;
  for (const item of items) {
    sum = sum + item.cents * item.count;
  }
  return sum;
}

function withDiscount(cents) {
  if (cents >= 2000) {
    return Math.round(cents * 0.9);
  }
  return cents;
}
