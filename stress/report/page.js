// Tells the values of a plot at the place of the pointer.
for (const figure of document.querySelectorAll("figure")) {
  const lines = JSON.parse(figure.querySelector("script").textContent);
  const svg = figure.querySelector("svg");
  const cursor = figure.querySelector(".cursor");
  const output = figure.querySelector("output");

  const nearest = (places, x) => {
    let low = 0, high = places.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((places[middle] + places[middle + 1]) / 2 < x) low = middle + 1; else high = middle;
    }
    return low;
  };

  const hide = () => { output.textContent = ""; cursor.style.visibility = "hidden"; };

  const near = 8; // a line that ends earlier, or has a gap, says nothing here

  const show = (event) => {
    const box = svg.getBoundingClientRect();
    const x = (event.clientX - box.left) * svg.viewBox.baseVal.width / box.width;
    const all = lines.filter((l) => l.at?.length).map((line) => ({ line, i: nearest(line.at, x) }));
    if (!all.length) return hide();
    const placeOf = (f) => f.line.at[f.i];
    const closest = all.reduce((a, b) => Math.abs(placeOf(b) - x) < Math.abs(placeOf(a) - x) ? b : a);
    const place = placeOf(closest);
    const found = all.filter((f) => Math.abs(placeOf(f) - place) < near);
    cursor.setAttribute("x1", place);
    cursor.setAttribute("x2", place);
    cursor.style.visibility = "visible";
    output.textContent = [closest.line.x[closest.i], ...found.map((f) => f.line.name + "  " + f.line.y[f.i].toLocaleString("en"))].join("\n");
    const left = event.clientX - box.left < box.width / 2;
    output.style.left = left ? "auto" : "56px";
    output.style.right = left ? "20px" : "auto";
  };

  svg.addEventListener("pointermove", show);
  svg.addEventListener("pointerdown", show);
  svg.addEventListener("pointerleave", hide);
}
