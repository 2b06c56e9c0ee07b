# SPDX-License-Identifier: Apache-2.0
"""The checkers find what they are for: each is fed a small tree that is wrong in one place."""
import pathlib
import tempfile
import unittest

import compiles
import evidence
import format as formatting
import include_walls
import source_rules
import tree

SPDX = "// SPDX-License-Identifier: Apache-2.0\n"


class Tree(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        self.write("README.md", "./sandbox/run\n./tests/run\n")
        for name in ("sandbox/run", "tests/run", ".ci/run"):
            self.write(name, "#!/bin/sh\n# SPDX-License-Identifier: Apache-2.0\n")
            (self.root / name).chmod(0o755)
        for folder in ("base", "store", "pathway", "web"):
            self.write(f"plugin/{folder}/some.h", SPDX + "#pragma once\n")
        self.write("adapters/fhir/read/some.h", SPDX + "#pragma once\n")
        self.write("adapters/hl7v2/some.h", SPDX + "#pragma once\n")

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def assert_one(self, check, place):
        wrong = check(self.root)
        self.assertEqual(len(wrong), 1, wrong)
        self.assertTrue(wrong[0].startswith(place), wrong)

    def assert_none(self, check):
        self.assertEqual(check(self.root), [])


class IncludeWalls(Tree):
    def test_a_tree_that_keeps_them_passes(self):
        self.write("plugin/web/page.cc", '#include <string>\n#include "base/some.h"\n')
        self.assert_none(include_walls.check)

    def wall(self, place, line):
        self.write(place, line + "\n")
        self.assert_one(include_walls.check, place + ":1:")

    def test_web_may_not_include_store(self):
        self.wall("plugin/web/page.cc", '#include "store/some.h"')

    def test_base_includes_nothing_of_ours(self):
        self.wall("plugin/base/other.h", '#include "web/some.h"')

    def test_an_adapter_may_not_include_another(self):
        self.wall("adapters/fhir/read/other.cc", '#include "hl7v2/some.h"')

    def test_an_adapter_may_not_include_pathway(self):
        self.wall("adapters/fhir/read/other.cc", '#include "pathway/some.h"')

    def test_the_core_may_not_include_an_adapter(self):
        self.wall("plugin/store/other.cc", '#include "fhir/read/some.h"')

    def test_host_may_include_all(self):
        self.write("plugin/host/main.cc", '#include "fhir/read/some.h"\n#include "web/some.h"\n')
        self.assert_none(include_walls.check)

    def test_a_pure_folder_may_not_do_io(self):
        self.wall("plugin/pathway/rule.cc", "#include <fstream>")

    def test_a_pure_folder_may_not_read_the_clock(self):
        self.wall("plugin/pathway/rule.cc", "const auto now = system_now();")

    def test_poco_stays_in_the_adapters(self):
        self.wall("plugin/flow/out.cc", "#include <Poco/Net/HTTPSClientSession.h>")

    def test_openssl_in_an_adapter_stays_in_the_client(self):
        self.wall("adapters/fhir/read/sign.cc", "#include <openssl/evp.h>")

    def test_an_unknown_library_is_a_decision(self):
        self.wall("plugin/base/other.cc", "#include <yaml-cpp/yaml.h>")

    def test_a_new_folder_is_a_decision(self):
        self.write("plugin/utils/all.h", "#pragma once\n#include <string>\n")
        self.assert_one(include_walls.check, "plugin/utils/all.h:")

    def test_an_include_names_its_folder(self):
        self.wall("plugin/base/other.cc", '#include "some.h"')


class SourceRules(Tree):
    def rule(self, place, text, line):
        self.write(place, text)
        self.assert_one(source_rules.check, f"{place}:{line}:")

    def test_a_good_tree_passes(self):
        self.write("plugin/base/good.cc", SPDX + 'const char* level = "L4-L5"; const char* t = "T12";\n')
        self.assert_none(source_rules.check)

    def test_the_licence_line_is_needed(self):
        self.rule("plugin/base/other.h", "#pragma once\n", 1)

    def test_a_long_file_is_found(self):
        self.rule("plugin/base/other.h", SPDX + "\n" * 501, 500)

    def test_a_path_of_one_machine_is_found(self):
        self.rule("plugin/base/notes.md", "see /hom" + "e/ada/notes\n", 1)

    def test_a_package_host_is_found(self):
        self.rule("tests/get.txt", "https://registry.npm" + "js.org/x\n", 1)

    def test_clinical_codes_in_code_are_found(self):
        for code in ("M54.50", "M5450", "C50", "279039007", "11488-4", "97810"):
            with self.subTest(code):
                self.rule("plugin/pathway/rule.cc", SPDX + f'const char* code = "{code}";\n', 2)

    def test_a_clinical_code_behind_its_system_is_found(self):
        self.rule("plugin/pathway/rule.cc", SPDX + 'auto c = "http://loinc.org|18748-4";\n', 2)

    def test_a_list_of_clinical_codes_is_found(self):
        self.rule("plugin/pathway/rule.cc", SPDX + 'auto codes = "M54.50, M54.51,M54.59";\n', 2)

    def test_a_number_in_a_sentence_is_no_clinical_code(self):
        self.write("plugin/pathway/rule.cc", SPDX + 'auto text = "read as ISO 8859-1, not C50";\n')
        self.assert_none(source_rules.check)

    def test_an_event_of_hl7v2_is_no_diagnosis(self):
        self.write("adapters/hl7v2/adt.cc", SPDX + 'const char* event = "A01";\n')
        self.assert_none(source_rules.check)

    def test_a_sink_past_the_log_is_found(self):
        for sink in ("std::cerr << text;", 'std::printf("x");', "fputs(text, stderr);"):
            with self.subTest(sink):
                self.rule("plugin/store/other.cc", SPDX + sink + "\n", 2)

    def test_streamed_patient_data_is_found(self):
        self.rule("plugin/store/other.cc", SPDX + "out << name.reveal();\n", 2)

    def test_a_name_looked_up_past_the_rules_is_found(self):
        for call in ("::getaddrinfo(name, 0, 0, &found);", "resolver_.async_resolve(host, port);",
                     "#include <Poco/Net/HTTPSClientSession.h>", "asio::ip::tcp::resolver resolver(io);"):
            with self.subTest(call):
                self.rule("adapters/hl7v2/other.cc", SPDX + call + "\n", 2)
        self.write("adapters/hl7v2/other.cc", SPDX)
        self.write("plugin/base/egress.cc", SPDX + "::getaddrinfo(name, 0, 0, &found);\n")
        self.assert_none(source_rules.check)

    def test_a_library_for_xml_or_archives_is_found(self):
        for header in ("Poco/DOM/DOMParser.h", "Poco/Zip/Decompress.h", "libxml/parser.h", "expat.h"):
            with self.subTest(header):
                self.rule("adapters/fhir/other.cc", f"{SPDX}#include <{header}>\n", 2)

    def test_the_readme_shows_the_commands(self):
        self.write("README.md", "./sandbox/run\n")
        self.assert_one(source_rules.check, "README.md: does not show ./tests/run")

    def test_the_commands_can_be_run(self):
        (self.root / "tests/run").chmod(0o644)
        self.assert_one(source_rules.check, "tests/run:")


class Compiles(Tree):
    def test_a_header_that_leans_on_its_includer_is_found(self):
        self.write("plugin/base/some.h", SPDX + "#pragma once\ninline std::string text();\n")
        self.assert_one(lambda root: compiles.headers("g++", root), "plugin/base/some.h:")

    def test_a_wrong_form_that_compiles_is_found(self):
        self.write("tests/lint/must_not_compile/any.cc", "#ifdef WRONG\nint a;\n#endif\n")
        self.assert_one(lambda root: compiles.refusals("g++", root), "any.cc: the wrong form compiles")


class Format(Tree):
    def test_a_file_out_of_format_is_found(self):
        self.write(".clang-format", (tree.ROOT / ".clang-format").read_text())
        self.write("plugin/base/some.h", SPDX + "#pragma once\nint  a ;\n")
        self.assert_one(formatting.check, str(self.root / "plugin/base/some.h"))


class Evidence(Tree):
    """The page and rules of the project itself, with one thing wrong."""

    def page(self, old, new):
        for path in (tree.ROOT / "fhir-profiles").glob("**/*.json"):
            self.write(path.relative_to(tree.ROOT), path.read_text())
        for place in ("conceptmaps", "rules"):
            (self.root / "fhir-profiles" / place).mkdir(parents=True, exist_ok=True)
        text = (tree.ROOT / "fhir-profiles/EVIDENCE.md").read_text()
        self.assertIn(old, text)
        self.write("fhir-profiles/EVIDENCE.md", text.replace(old, new, 1))
        return [fault for fault in evidence.check(self.root) if ": no test " not in fault]

    def test_the_page_as_it_is_passes(self):
        self.assertEqual(self.page("| S0-01 |", "| S0-01 |"), [])
        self.assertEqual(evidence.check(tree.ROOT), [])

    def test_a_rule_that_is_not_there_is_found(self):
        self.assertIn("no rule or file `RF99`", self.page("`RF19`", "`RF99`")[0])

    def test_a_claim_without_a_row_is_found(self):
        self.assertIn("no row for S4-20", self.page("| S4-20 |", "| none |")[0])

    def test_a_test_that_is_not_there_is_found(self):
        page = "tests/unit/pathway/imaging_test.cc"
        self.assertTrue(evidence.test_exists(f"{page}: IsReadBetweenTheRows", tree.ROOT))
        self.assertFalse(evidence.test_exists(f"{page}: NoSuchTest", tree.ROOT))


if __name__ == "__main__":
    unittest.main()
