// SPDX-License-Identifier: BSD-2-Clause
#include "yaml_tree.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <istream>
#include <streambuf>
#include <utility>

#include "text.h"
#include "yaml_guard.h"

namespace sleight::config {
namespace {

constexpr std::size_t kMaxMessage = 200;

// Ends the parse; the reason is in the report. Thrown through yaml-cpp, caught here.
struct Stop {};

// Events to tree. The library's own tree is of no use here: it resolves aliases and
// forgets all but one of equal keys without a word.
class TreeBuilder final : public YAML::EventHandler {
 public:
  explicit TreeBuilder(Report& report) : report_(report) {}

  Value& root() { return root_; }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1) stop(line_of(mark), "a second document starts here, expected one only");
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    refuse_extras(mark, "?", anchor);
    add({ValueKind::kNothing, line_of(mark), {}, {}, {}});
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    problem(line_of(mark), "an alias given, expected the value itself: aliases are not allowed");
    add({ValueKind::kRefused, line_of(mark), {}, {}, {}});
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    refuse_extras(mark, tag, anchor);
    add({ValueKind::kText, line_of(mark), value, {}, {}});
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    open(ValueKind::kList, mark, tag, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    open(ValueKind::kMapping, mark, tag, anchor);
  }
  void OnMapEnd() override { close(); }

 private:
  // A list or mapping that has not ended yet.
  struct Open {
    Value node;
    std::optional<Value::Key> key;  // of the value that comes next
    bool leave_out = false;         // that value
  };

  static unsigned line_of(const YAML::Mark& mark) {
    return static_cast<unsigned>(std::max(mark.line, 0)) + 1;
  }

  void open(ValueKind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    refuse_extras(mark, tag, anchor);
    if (open_.size() >= static_cast<std::size_t>(kMaxDepth)) {
      stop(line_of(mark), fmt::format("lists and mappings nest deeper than {} levels", kMaxDepth));
    }
    open_.push_back({{kind, line_of(mark), {}, {}, {}}, std::nullopt, false});
  }

  void close() {
    Value node = std::move(open_.back().node);
    open_.pop_back();
    add(std::move(node));
  }

  void add(Value node) {
    if (++values_ > kMaxValues) {
      stop(node.line, fmt::format("more than {} values in the file", kMaxValues));
    }
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    Open& parent = open_.back();
    if (parent.node.kind == ValueKind::kList) {
      parent.node.items.push_back(std::move(node));
    } else if (!parent.key) {
      take_key(parent, std::move(node));
    } else {
      take_value(parent, std::move(node));
    }
  }

  void take_key(Open& parent, Value node) {
    parent.key = Value::Key{std::move(node.text), node.line};
    parent.leave_out = false;
    if (node.kind != ValueKind::kText) {
      problem(node.line, "a key that is no text");
      parent.leave_out = true;
      return;
    }
    for (const Value::Key& other : parent.node.keys) {
      if (other.text != parent.key->text) continue;
      problem(node.line, fmt::format("the key is given twice, first on line {}", other.line));
      parent.leave_out = true;
    }
    if (parent.node.keys.size() == kMaxKeys) {
      stop(node.line, fmt::format("more than {} keys in one mapping", kMaxKeys));
    }
  }

  static void take_value(Open& parent, Value node) {
    if (!parent.leave_out) {
      parent.node.keys.push_back(std::move(*parent.key));
      parent.node.items.push_back(std::move(node));
    }
    parent.key.reset();
  }

  void refuse_extras(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    if (anchor != YAML::NullAnchor) {
      problem(line_of(mark), "an anchor (&) given: anchors and aliases are not allowed");
    }
    // What the library calls a value without a tag: "?" plain, "!" quoted.
    if (tag != "?" && tag != "!" && !tag.empty()) {
      problem(line_of(mark), fmt::format("the tag {} given: tags are not allowed", in_quotes(tag)));
    }
  }

  std::string path() const {
    std::string text;
    for (const Open& level : open_) {
      if (level.node.kind == ValueKind::kList) {
        text += fmt::format("[{}]", level.node.items.size());
      } else if (level.key && !level.key->text.empty()) {
        text += (text.empty() ? "" : ".") + printable(level.key->text);
      }
    }
    return text;
  }

  void problem(unsigned line, std::string message) {
    report_.add(line, path(), std::move(message));
  }
  [[noreturn]] void stop(unsigned line, std::string message) {
    problem(line, std::move(message));
    throw Stop{};
  }

  Report& report_;
  Value root_;
  std::vector<Open> open_;
  std::size_t values_ = 0;
  int documents_ = 0;
};

// Reads memory where it lies.
class ViewBuffer final : public std::streambuf {
 public:
  explicit ViewBuffer(std::string_view text) {
    char* const begin = const_cast<char*>(text.data());  // never written: no put area
    setg(begin, begin, begin + text.size());
  }
};

}  // namespace

const Value* Value::find(std::string_view key) const {
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys[i].text == key) return &items[i];
  }
  return nullptr;
}

std::optional<Value> parse_yaml(std::string_view text, Report& report) {
  if (!is_affordable(text, report)) return std::nullopt;
  try {
    ViewBuffer buffer(text);
    std::istream stream(&buffer);
    YAML::Parser parser(stream);
    TreeBuilder builder(report);
    while (parser.HandleNextDocument(builder)) continue;
    return std::move(builder.root());
  } catch (const Stop&) {
    return std::nullopt;
  } catch (const YAML::Exception& error) {
    const unsigned line = error.mark.is_null() ? 0 : static_cast<unsigned>(error.mark.line) + 1;
    // The library's words may hold the character that it stumbled over.
    report.add(line, "", "this is not YAML: " + printable(error.msg, kMaxMessage));
  } catch (const std::exception& error) {
    report.add(0, "", std::string("cannot be read: ") + error.what());
  }
  return std::nullopt;
}

}  // namespace sleight::config
