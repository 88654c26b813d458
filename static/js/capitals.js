// An amount in Chinese capitals while it is typed. The rules are those of charity_hub/documents/capital_numerals.py, and of
// parse_yuan for what counts as an amount; tests/browser/test_capitals.py compares them.
const DIGITS = "零壹贰叁肆伍陆柒捌玖";
const PLACES = ["仟", "佰", "拾", ""];
const GROUPS = [[1e8, "亿"], [1e4, "万"], [1, ""]];
const LARGEST = 99_999_999_999_999;

const closed = (written) => written.replace(/零+$/, "");

function fourDigits(number) {
  const digits = [...String(number).padStart(4, "0")];
  const written = digits.map((digit, at) => (digit === "0" ? "零" : DIGITS[digit] + PLACES[at])).join("");
  return written.replace(/零+/g, "零").replace(/^零|零$/g, "");
}

function yuanInCapitals(yuan) {
  let written = "";
  for (const [power, unit] of GROUPS) {
    const group = Math.floor(yuan / power) % 10_000;
    const gap = written && (group < 1_000 || written.endsWith("零"));
    if (group) written = closed(written) + (gap ? "零" : "") + fourDigits(group) + unit;
    else if (written) written += "零";
  }
  return closed(written);
}

// `fen` from 0 to 999,999,999,999.99 yuan.
export function inCapitals(fen) {
  if (!fen) return "人民币零元整";
  const [yuan, rest] = [Math.floor(fen / 100), fen % 100];
  const [jiao, odd] = [Math.floor(rest / 10), rest % 10];
  let written = yuan ? `${yuanInCapitals(yuan)}元` : "";
  if (rest && yuan && (!jiao || yuan % 10 === 0)) written += "零";
  if (jiao) written += `${DIGITS[jiao]}角`;
  return `人民币${written}${odd ? `${DIGITS[odd]}分` : "整"}`;
}

// As charity_hub/plain_text.py: no other sign is taken for a digit.
const halfWidth = (text) => text.replace(/[\uff01-\uff5e]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0));

// What was typed, in fen; null for what is no amount (yet).
export function fenOf(text) {
  let plain = halfWidth(text.replace(/\p{Default_Ignorable_Code_Point}/gu, "")).replace(/\s+/g, "");
  for (const sign of ["RMB", "CNY", "人民币"]) if (plain.startsWith(sign)) plain = plain.slice(sign.length);
  plain = plain.replace(/^[¥￥]+/, "").replace(/(元整)?元?$/, "");
  if (/^[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?$/.test(plain)) plain = plain.replaceAll(",", "");
  const found = /^([0-9]*)(?:\.([0-9]{0,2}))?$/.exec(plain);
  if (!found || !(found[1] || found[2])) return null;
  const fen = Number(found[1] || 0) * 100 + Number((found[2] ?? "").padEnd(2, "0"));
  return fen <= LARGEST ? fen : null;
}

function watch(input, place) {
  const show = () => {
    const fen = fenOf(input.value);
    // A long amount goes on in the next line behind a unit, never within a number.
    const parts = fen ? inCapitals(fen).split(/(?<=[亿万元])/) : [];
    place.replaceChildren(...parts.flatMap((part) => [part, document.createElement("wbr")]));
  };
  input.addEventListener("input", show);
  show();
}

for (const place of document.querySelectorAll("[data-capitals]")) {
  watch(document.getElementById(place.htmlFor.value), place);
}
