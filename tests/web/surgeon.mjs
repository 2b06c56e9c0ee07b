// SPDX-License-Identifier: Apache-2.0
// node surgeon.mjs CHART MERIDIAN PICTURES: the EHR's page frames the surgeon's view, and the surgeon answers the clinic.
import { chromium } from "playwright-core";
import { mkdirSync, readFileSync, mkdtempSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [chart, meridian, pictures] = process.argv.slice(2);
mkdirSync(pictures, { recursive: true });
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
let wrong = 0;

function expect(good, what) {
  if (good) return;
  ++wrong;
  console.log("WRONG", what);
}

async function framed(page, patient) {
  await page.goto(`${chart}?app=${encodeURIComponent(meridian + "/smart/launch")}&patient=${patient}`);
  const frame = await (await page.waitForSelector("iframe")).contentFrame();
  await frame.waitForSelector("main", { timeout: 60_000 });
  return frame;
}

async function look(page, frame, name, scripts) {
  const size = Buffer.byteLength(await frame.content());
  expect(size < 100_000, `${name}: ${size} bytes`);
  if (scripts) {
    const wide = await frame.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    expect(!wide, `${name}: wider than its frame`);
    const found = await frame.evaluate(
      async ([source, runOnly]) => {
        new Function(source)();
        const all = (await window.axe.run(document, { runOnly })).violations;
        return all.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(" ")}`);
      },
      [axe, rules],
    );
    expect(found.length === 0, `${name}: ${found}`);
  }
  await page.screenshot({ path: `${pictures}/surgeon-${name}.png`, fullPage: true });
}

async function browser(more = {}, flags = []) {
  return chromium.launchPersistentContext(mkdtempSync(join(tmpdir(), "surgeon-")), {
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync", "--ignore-certificate-errors",
      "--host-resolver-rules=MAP ehr.example 127.0.0.1, MAP meridian.example 127.0.0.1", ...flags],
    ignoreHTTPSErrors: true,
    bypassCSP: true, // for axe alone: the smoke test reads the policy
    ...more,
  });
}

async function atTheDesk() {
  // Third-party cookies are blocked, as most browsers do now; partitioned ones stay.
  const context = await browser({ viewport: { width: 800, height: 1400 } }, ["--test-third-party-cookie-phaseout"]);
  const page = context.pages()[0];
  let frame = await framed(page, "p1");
  await look(page, frame, "1-asked-800", true);
  expect(await frame.locator("svg").count() === 2, "two curves");
  frame = await framed(page, "p2");
  const sources = await frame.locator(".care .source").allInnerTexts();
  expect(sources.length > 0 && new Set(sources).size === sources.length, "questions of one rule say once where they are from");
  await look(page, frame, "2-held-800", true);
  frame = await framed(page, "p3");
  await look(page, frame, "3-none-800", true);
  frame = await framed(page, "p2");
  await frame.click("a.danger");
  await frame.waitForSelector("textarea");
  await look(page, frame, "4-cancel-800", true);
  await context.close();
}

async function onAPhone() {
  const context = await browser({ viewport: { width: 360, height: 740 }, locale: "es-MX" });
  const page = context.pages()[0];
  await page.goto(`${chart}?app=${encodeURIComponent(meridian + "/smart/launch")}&patient=p1`);
  const inside = await page.getAttribute("iframe", "src");
  await page.goto(inside);
  await page.waitForSelector("main");
  await look(page, page.mainFrame(), "5-asked-360-es", true);
  await page.click("details summary");
  await look(page, page.mainFrame(), "6-history-360-es", true);
  await context.close();
}

async function withoutScript() {
  const context = await browser({ viewport: { width: 800, height: 1400 }, javaScriptEnabled: false });
  const page = context.pages()[0];
  const frame = await framed(page, "p1");
  await frame.locator("a.act.first").focus();
  await page.keyboard.press("Enter");
  await frame.waitForSelector("textarea");
  await look(page, frame, "7-answer-800", false);
  await frame.locator("textarea").focus();
  await page.keyboard.type("Yes, he stopped it in May.");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await frame.waitForSelector("[role=status]");
  await look(page, frame, "8-answered-800", false);
  await context.close();
}

async function withoutAnyCookie() {
  const context = await browser({ viewport: { width: 800, height: 600 } });
  const page = context.pages()[0];
  // The trial cookie did not come back, as in a browser that keeps none here.
  await page.goto(`${chart}?app=${encodeURIComponent(meridian + "/smart/launch")}&patient=p1`);
  const inside = await page.getAttribute("iframe", "src");
  await context.clearCookies();
  await page.goto(`${inside}&tried=1`);
  expect((await page.locator("a[target=_blank]").count()) === 1, "a tab is offered");
  await look(page, page.mainFrame(), "9-tab-800", true);
  await context.close();
}

for (const journey of [atTheDesk, onAPhone, withoutScript, withoutAnyCookie]) {
  try {
    await journey();
  } catch (error) {
    expect(false, `${journey.name}: ${error}`);
  }
}
console.log(wrong === 0 ? "all well" : `${wrong} wrong`);
process.exit(wrong === 0 ? 0 : 1);
