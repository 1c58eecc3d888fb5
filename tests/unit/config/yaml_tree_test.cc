// SPDX-License-Identifier: BSD-2-Clause
#include "yaml_tree.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sleight::config {
namespace {

std::string repeated(std::string_view text, std::size_t count) {
  std::string result;
  for (std::size_t i = 0; i < count; ++i) result += text;
  return result;
}

// The one problem of a text, as "line key: message".
std::string problem_of(const std::string& text) {
  Report report;
  parse_yaml(text, report);
  const std::vector<Problem> problems = report.take();
  if (problems.size() != 1) return std::to_string(problems.size()) + " problems";
  return std::to_string(problems[0].line) + " " + problems[0].key + ": " + problems[0].message;
}

TEST(YamlTree, KeepsLinesAndOrder) {
  Report report;
  const auto root = parse_yaml("a: 1\n\nb:\n  - x\n  - {y: 'z'}\nc:\n", report);
  ASSERT_TRUE(root);
  EXPECT_TRUE(report.take().empty());
  ASSERT_EQ(root->kind, ValueKind::kMapping);
  ASSERT_EQ(root->keys.size(), 3u);
  EXPECT_EQ(root->keys[1].text, "b");
  EXPECT_EQ(root->keys[1].line, 3u);
  const Value* const list = root->find("b");
  ASSERT_NE(list, nullptr);
  ASSERT_EQ(list->kind, ValueKind::kList);
  EXPECT_EQ(list->items[0].text, "x");
  EXPECT_EQ(list->items[0].line, 4u);
  EXPECT_EQ(list->items[1].find("y")->text, "z");
  EXPECT_EQ(root->find("c")->kind, ValueKind::kNothing);
  EXPECT_EQ(root->find("d"), nullptr);
}

TEST(YamlTree, ReadsJson) {
  Report report;
  const auto root = parse_yaml(R"({"a": ["b", 1], "c": {"d": "\u00e4"}})", report);
  ASSERT_TRUE(root);
  EXPECT_TRUE(report.take().empty());
  EXPECT_EQ(root->find("a")->items[1].text, "1");
  EXPECT_EQ(root->find("c")->find("d")->text, "\xc3\xa4");
}

TEST(YamlTree, TellsWhereTheDuplicateKeyIs) {
  EXPECT_EQ(problem_of("a:\n  b: 1\n  c: 2\n  b: 3\n"),
            "4 a.b: the key is given twice, first on line 2");
}

TEST(YamlTree, RefusesASecondDocument) {
  EXPECT_EQ(problem_of("- 1\n---\n- 2\n"), "2 : a second document starts here, expected one only");
}

TEST(YamlTree, TellsWhereItIsNoYaml) {
  EXPECT_TRUE(problem_of("a: 1\nb: [1\n").starts_with("3 : this is not YAML: "));
  EXPECT_TRUE(problem_of("a: *b\n").starts_with("1 : this is not YAML: "));
  EXPECT_TRUE(problem_of("a: \"\\\r\"\n").ends_with("\\x0d"));
}

TEST(YamlTree, RefusesNestingThatIsTooDeep) {
  const std::string deep = "lists and mappings nest deeper than 16 levels";
  for (const char* open : {"[", "{a: ", "- ", "? ", "[{a: ", "- ? "}) {
    for (const std::size_t count : {17u, 1000u, 20'000u}) {
      EXPECT_TRUE(problem_of(repeated(open, count)).ends_with(deep)) << open << " " << count;
    }
  }
  EXPECT_TRUE(problem_of(repeated("[", 1'000'000)).ends_with(deep));
  Report report;
  EXPECT_TRUE(parse_yaml(repeated("[", 16) + repeated("]", 16), report));
}

TEST(YamlTree, RefusesAMillionBracketsAtOnce) {
  EXPECT_EQ(problem_of(repeated("[", 1'000'001)),
            "0 : more than 1000000 brackets and commas in the file");
  EXPECT_EQ(problem_of("[" + repeated("a,", 1'000'001) + "]"),
            "0 : more than 1000000 brackets and commas in the file");
}

TEST(YamlTree, RefusesMoreValuesThanItCounts) {
  EXPECT_TRUE(problem_of(repeated("- a\n", kMaxValues + 1))
                  .ends_with("more than 1000000 values in the file"));
}

TEST(YamlTree, RefusesMappingsWithoutEnd) {
  std::string text;
  for (std::size_t i = 0; i <= kMaxKeys; ++i) text += "k" + std::to_string(i) + ": 1\n";
  EXPECT_EQ(problem_of(text), "65 k64: more than 64 keys in one mapping");
}

TEST(YamlTree, RefusesFilesThatAreTooLarge) {
  EXPECT_EQ(problem_of(std::string(kMaxFileBytes + 1, ' ')),
            "0 : the file has more than 16777216 bytes");
}

TEST(YamlTree, RefusesWhatIsNoText) {
  for (const char* bytes :
       {"\x01", "\x7f\x80", "\xc0\xaf", "\xc3", "\xed\xa0\x80", "\xf5\x80\x80\x80", "\xe0\x80\xaf",
        "\xf0\x80\x80\xaf", "\xf4\x90\x80\x80", "\xff\xfe"}) {
    EXPECT_TRUE(problem_of("a: 1\nb: " + std::string(bytes) + "\n")
                    .ends_with("is neither UTF-8 nor printable: expected text"))
        << bytes;
  }
  EXPECT_TRUE(problem_of(std::string("a: \0", 4)).starts_with("1 : the byte 0x00"));
}

TEST(YamlTree, AcceptsTextOfAnyScript) {
  Report report;
  EXPECT_TRUE(parse_yaml("a: \xc3\xa4\xe2\x82\xac\xf0\x9f\x99\x82 # \xe4\xbd\xa0\n", report));
  EXPECT_TRUE(report.take().empty());
}

TEST(YamlTree, SurvivesEveryTruncation) {
  const std::string text =
      "a: {b: [1, 'x', \"y\\n\"]}\nc:\n  - &d e\n  - *d\n  - !t f\n? g\n: |\n  h\n--- \n- i\n";
  for (std::size_t length = 0; length <= text.size(); ++length) {
    Report report;
    const auto root = parse_yaml(std::string_view(text).substr(0, length), report);
    EXPECT_TRUE(root || !report.take().empty()) << length;
  }
}

TEST(Report, CountsWhatItDoesNotKeep) {
  Report report;
  parse_yaml(repeated("- &a b\n", Report::kMaxProblems + 5), report);
  const std::vector<Problem> problems = report.take();
  ASSERT_EQ(problems.size(), Report::kMaxProblems + 1);
  EXPECT_EQ(problems.back().message, "5 more problems are not shown");
}

}  // namespace
}  // namespace sleight::config
