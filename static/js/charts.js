// Charts: Vega-Lite specs drawn as SVG without eval, so that the content security policy can stay strict.
const loaded = new Map();
// Half of the last month's name stands beyond the last bar.
const PADDING = { left: 5, top: 5, bottom: 5, right: 20 };

function load(address) {
  if (!loaded.has(address)) {
    loaded.set(address, new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = resolve;
      script.onerror = reject;
      document.head.append(script);
    }));
  }
  return loaded.get(address);
}

export function drawCharts(root) {
  for (const place of root.querySelectorAll("[data-chart]:not([data-drawn])")) {
    place.dataset.drawn = "";
    draw(place).catch(() => place.classList.add("failed"));
  }
}

async function draw(place) {
  const { vega, vegaLite, vegaEmbed } = place.dataset;
  await load(vega);
  await load(vegaLite);
  await load(vegaEmbed);
  const spec = JSON.parse(document.getElementById(place.dataset.chart).textContent);
  spec.config = inPageType(place, spec.config ?? {});
  const options = {
    actions: false,
    ast: true,
    defaultStyle: false,
    renderer: "svg",
    tooltip: showTip,
  };
  const fitted = { width: "container", autosize: { type: "fit", contains: "padding" }, padding: PADDING };
  await window.vegaEmbed(place, { ...fitted, ...spec }, options);
}

// The page's own type, in the size the reader chose, over whatever the spec says for paper.
function inPageType(place, config) {
  const own = pageType(place);
  const merged = Object.entries(own).map(([name, value]) =>
    [name, typeof value === "object" ? { ...config[name], ...value } : value]);
  return { ...config, ...Object.fromEntries(merged) };
}

function pageType(place) {
  const style = getComputedStyle(document.body);
  const size = Math.round(parseFloat(style.fontSize) * 0.8125);
  return {
    font: style.fontFamily,
    axis: { labelFontSize: size, titleFontSize: size, labelOverlap: "greedy", labelSeparation: 8 },
    axisX: { labelAngle: 0 },
    axisY: { titleAngle: 0, titleAnchor: "end", titleAlign: "right", titleX: -8, titleY: -12 },
    legend: { labelFontSize: size, titleFontSize: size, orient: "top", columns: Math.ceil(place.clientWidth / (size * 14)) },
    title: { fontSize: size + 2 },
    view: { stroke: null },
  };
}

let tip = null;

function showTip(_handler, event, _item, value) {
  tip ??= document.body.appendChild(Object.assign(document.createElement("div"), { className: "hub-tip" }));
  const empty = value === null || value === undefined || value === "";
  tip.hidden = empty;
  if (empty) return;
  tip.textContent = typeof value === "object"
    ? Object.entries(value).map(([name, words]) => (name.trim() ? `${name}: ${words}` : words)).join("\n")
    : String(value);
  tip.style.left = `${Math.min(event.clientX + 12, window.innerWidth - tip.offsetWidth - 8)}px`;
  tip.style.top = `${event.clientY + 14}px`;
}
