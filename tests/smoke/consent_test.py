# SPDX-License-Identifier: Apache-2.0
"""Records of 42 CFR Part 2 on the way from the order to a clinic's screen and paper: the hospital's server has the consents,
`consent_names` of the site says which clinic they mean."""
import datetime
import http.cookiejar
import json
import re
import subprocess
import unittest
import urllib.error
import urllib.parse
import urllib.request

import mail_test
from clinician_test import acupuncture, condition, days_ago, screen, warfarin
from v2_site import PROGRAM, Site

NPI = "http://hl7.org/fhir/sid/us-npi"
PART2 = {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "42CFRPart2"}
NOTICE = "42 CFR part 2 prohibits unauthorized use or disclosure of these records."
CLINIC = """
[[clinic]]
id = "{id}"
name = "{name}"
inbox = true
licence_state = "WA"
licence_until = "2999-12-31"
agreement_until = "2999-12-31"
{names}
"""


def consent(number, recipient):
    """No to all, and yes to one by an exception: the shape of registries."""
    actor = {"role": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "code": "IRCP"}]},
             "reference": recipient}
    return {"resourceType": "Consent", "id": f"consent-{number}", "status": "active",
            "scope": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "patient-privacy"}]},
            "category": [{"coding": [{"system": "http://loinc.org", "code": "59284-0"}]}],
            "patient": {"reference": f"Patient/{number}"}, "dateTime": days_ago(40),
            "provision": {"type": "deny", "provision": [{"type": "permit", "actor": [actor], "securityLabel": [PART2],
                                                         "purpose": [{"code": "TREAT"}]}]}}


class Browser:
    """A person's session."""

    def __init__(self, url):
        self.url = url
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def ask(self, path, **fields):
        """Status and bytes; with fields, a form is sent, as from a page of the site."""
        body = urllib.parse.urlencode(fields).encode() if fields else None
        request = urllib.request.Request(self.url + path, body, headers={"Origin": self.url})
        try:
            with self.opener.open(request, timeout=60) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as refusal:
            return refusal.code, refusal.read()

    def page(self, path):
        return self.ask(path)[1].decode()

    def referrals(self):
        return sorted(set(re.findall(r'href="(/inbox/[0-9A-Z]{26})"', self.page("/inbox?group=fresh"))))


class NamedRecipient(Site):
    poll_seconds = 0.2
    people = mail_test.Mail.people

    def clinic_table(self):
        # The consent of one names the clinic by its number, that of the other by the hospital's record of it.
        return (CLINIC.format(id="river", name="Quiet River", names=f'consent_names = ["{NPI}|1093817465"]') +
                CLINIC.format(id="bridge", name="Stone Bridge", names='consent_names = ["hospital/Organization/88"]') +
                CLINIC.format(id="mill", name="Old Mill", names=""))

    def staff(self, clinic):
        """Somebody of the clinic, signed in."""
        email = f"nurse@{clinic}.example"
        link = self.people("add", "--name", f"Nurse of {clinic}", "--email", email, "--role", "clinic", "--clinic",
                           clinic)["link"]
        person = Browser(self.url)
        path = urllib.parse.urlsplit(link).path
        person.ask(path)
        password = mail_test.PASSWORD
        shown = person.ask(path, password=password, again=password)[1].decode()
        key = re.search(r'class="key">([^<]*)<', shown).group(1)
        codes = person.ask(path, code=mail_test.code_of(key))[1].decode()
        recovery = re.search(r'class="codes".*?<li[^>]*>(?:<code>)?([^<]+)', codes, re.DOTALL).group(1)
        self.assertEqual(person.ask("/sign-in", email=email, password=password, code=recovery)[0], 200)
        return person

    def printed(self, person, path):
        """The text of the packet as paper."""
        status, pdf = person.ask(path + "/packet.pdf")
        self.assertEqual(status, 200)
        text = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, check=True, capture_output=True).stdout
        return " ".join(text.decode().split())

    def order(self, number, recipient):
        self.hospital.put({"resourceType": "Patient", "id": number, "gender": "male", "birthDate": "1985-05-05",
                           "name": [{"family": number}]})
        drug = warfarin(number) | {"meta": {"security": [PART2]}}
        drug["medicationCodeableConcept"] = drug["medicationCodeableConcept"] | {"text": "warfarin 5 mg"}
        for record in (condition(number, "pain", "M54.59", days_ago(120)), screen(number), drug,
                       consent(number, recipient), acupuncture(number)):
            self.hospital.put(record)

    def looks(self, clinic, shown):
        """What the clinic has of its one new referral, on screen and on paper: the record with the notice, or neither and
        that something was withheld."""
        person = self.staff(clinic)
        path = self.until(person.referrals, f"{clinic} got no referral")[0]
        day = datetime.date.fromisoformat(days_ago(40))
        screen = re.sub(r"<time[^>]*>|</time>", "", person.page(path))
        for text, day in ((screen, f"{day.day} {day:%b %Y}"), (self.printed(person, path), f"{day}")):
            text = " ".join(text.split())
            self.assertEqual("arfarin" in text, shown, clinic)
            self.assertEqual(NOTICE in text, shown, clinic)
            self.assertEqual(f"The patient consented on {day} that records labelled 42CFRPart2 are sent to this receiver "
                             "for treatment." in text, shown, clinic)
            self.assertEqual("Withheld by policy: " in text, not shown, clinic)
        self.assertEqual("arfarin" in person.page(path + "/bundle.json"), shown, clinic)
        return person, path

    def decline(self, person, path):
        form = person.page(path + "/decline")
        fields = dict(re.findall(r'name="(form|version|token)" value="([^"]*)"', form))
        reason = re.search(r'<option value="([^"]+)"', form.partition('name="reason"')[2]).group(1)
        status, _ = person.ask(path + "/decline", **fields, reason=reason, text="Full.")
        self.assertEqual(status, 200)

    def test_only_the_clinic_that_the_consent_names_gets_the_record(self):
        self.order("Abara", {"identifier": {"system": NPI, "value": "1093817465"}})
        self.visited({"river": True, "bridge": False, "mill": False})

    def test_a_consent_may_name_it_by_the_hospitals_own_record(self):
        self.hospital.put({"resourceType": "Organization", "id": "88", "name": "Acupuncture at the bridge"})
        self.order("Holm", {"reference": "Organization/88"})
        self.visited({"river": False, "bridge": True, "mill": False})

    def visited(self, shown):
        """Each clinic in turn: who declines has the referral go to the next."""
        seen = set()
        while seen != set(shown):
            clinic = self.until(lambda: self.clinic_now() - seen, "no further clinic").pop()
            seen.add(clinic)
            self.decline(*self.looks(clinic, shown[clinic]))

    def clinic_now(self):
        """Where the referral is."""
        rows = subprocess.run([PROGRAM, "referrals", "list", "--config", self.folder / "site.toml"], check=True,
                              capture_output=True, text=True, timeout=60).stdout.splitlines()
        return {json.loads(row)["destination"] for row in rows if json.loads(row)["state"] == "delivered"}


if __name__ == "__main__":
    unittest.main()
