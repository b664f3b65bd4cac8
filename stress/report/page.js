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

  const show = (event) => {
    const box = svg.getBoundingClientRect();
    const x = (event.clientX - box.left) * svg.viewBox.baseVal.width / box.width;
    const found = lines.filter((l) => l.at?.length).map((l) => ({ line: l, i: nearest(l.at, x) }));
    if (!found.length) return hide();
    const { line, i } = found[0];
    const place = line.at[i];
    cursor.setAttribute("x1", place);
    cursor.setAttribute("x2", place);
    cursor.style.visibility = "visible";
    output.textContent = [line.x[i], ...found.map((f) => f.line.name + "  " + f.line.y[f.i].toLocaleString("en"))].join("\n");
    const left = event.clientX - box.left < box.width / 2;
    output.style.left = left ? "auto" : "56px";
    output.style.right = left ? "20px" : "auto";
  };

  svg.addEventListener("pointermove", show);
  svg.addEventListener("pointerdown", show);
  svg.addEventListener("pointerleave", hide);
}
