// SPDX-License-Identifier: Apache-2.0
// node people.mjs MERIDIAN CONFIG PICTURES: invited people enrol, sign in, find the inbox and sign out.
import { codeOf, invite, password } from "./accounts.mjs";
import { close, launch, look as lookAt, visitor } from "./browser.mjs";

const [meridian, config, pictures] = process.argv.slice(2);
const hall = await launch(pictures);

function expect(good, what) {
  if (!good) hall.wrong(what);
}

const look = (page, name, scripts) => lookAt(hall, page, `people-${name}`, { scripts });

async function enrol(page, tag, scripts) {
  const type = (text) => page.keyboard.type(text);
  const press = async (...keys) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  await look(page, `${tag}-1-link`, scripts);
  await press("Tab", "Enter");
  await page.waitForSelector("#password");
  await look(page, `${tag}-2-password`, scripts);
  for (const tried of ["short", password]) {
    await press("Tab");
    await type(tried);
    await press("Tab");
    await type(tried);
    await press("Enter");
    await page.waitForSelector(tried === password ? "#code" : "[role=alert]");
    if (tried !== password) await look(page, `${tag}-3-refused`, scripts);
  }
  await look(page, `${tag}-4-phone`, scripts);
  const key = await page.textContent(".key");
  await press("Tab", "Tab");
  await type(codeOf(key));
  await press("Enter");
  await page.waitForSelector(".codes");
  await look(page, `${tag}-5-recovery`, scripts);
  const recovery = await page.textContent(".codes li");
  await press("Tab", "Enter");
  await page.waitForSelector("#email");
  return recovery;
}

async function signIn(page, email, given, code) {
  for (const text of [email, given, code]) {
    await page.keyboard.press("Tab");
    await page.keyboard.type(text);
  }
  await page.keyboard.press("Enter");
}

async function journey(scripts, width) {
  const tag = `${scripts ? "scripts" : "plain"}-${width}`;
  const phone = width === 360;
  const name = phone ? "Dr. Bartholomäus Wolfeschlegelsteinhausenbergerdorff-Nguyễn" : "Ana Ruiz";
  const email = `ana.${tag}@quietriver.example`;
  const link = invite(meridian, config, ["--role", "clinic", "--clinic", "quiet-river"], name, email);
  const size = { width, height: 800 };
  const locale = phone ? "es-ES" : "en-US";
  const page = await visitor(hall, new URL(link).origin, { scripts, size, locale });
  const context = page.context();
  await page.goto(link);
  const recovery = await enrol(page, tag, scripts);
  await look(page, `${tag}-6-sign-in`, scripts);
  await signIn(page, email, "a wrong password", "123456");
  await page.waitForSelector("[role=alert]");
  await look(page, `${tag}-7-wrong`, scripts);
  await signIn(page, email, password, recovery);
  await page.waitForURL("**/home");
  await look(page, `${tag}-8-home`, scripts);
  const [cookie] = await context.cookies();
  expect(cookie.httpOnly && cookie.sameSite === "Lax", `${tag}: the cookie ${JSON.stringify(cookie)}`);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/inbox");
  await page.goto(new URL("/home", link).href);
  await page.locator("form[action='/sign-out'] button").focus();
  await page.keyboard.press("Enter");
  await page.waitForURL("**/sign-in");
  await page.goto(new URL("/inbox", link).href);
  expect(page.url().endsWith("/sign-in?next=%2Finbox"), `${tag}: after signing out ${page.url()}`);
  await page.goto(link);
  expect((await page.$("button")) === null, `${tag}: the link still works`);
  await look(page, `${tag}-9-used`, scripts);
  await context.close();
}

for (const scripts of [true, false]) {
  for (const width of [360, 1280]) await journey(scripts, width);
}
await close(hall, "all journeys done");
