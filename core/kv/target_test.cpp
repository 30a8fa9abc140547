#include "core/kv/target.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace kvduel::kv {

namespace {

using http::Method;
using Form = Target::Form;

struct TargetRow {
    Method method;
    std::string_view text;
    Form form;
    std::string_view path;
    std::string_view query;
};

} // namespace

TEST_CASE("a target is taken apart by its form") {
    const std::vector<TargetRow> rows{
        {Method::kGet, "/k", Form::kPath, "/k", ""},
        {Method::kGet, "/k?", Form::kPath, "/k", ""},
        {Method::kGet, "/k?a?b/c", Form::kPath, "/k", "a?b/c"},
        {Method::kGet, "//h/k", Form::kPath, "//h/k", ""},
        {Method::kGet, "http://h/k?q", Form::kPath, "/k", "q"},
        {Method::kGet, "HtTp://h:80/k", Form::kPath, "/k", ""},
        {Method::kGet, "http://[::1]:80/k", Form::kPath, "/k", ""},
        {Method::kGet, "http://h", Form::kPath, "/", ""},
        {Method::kGet, "http://h?q", Form::kPath, "/", "q"},
        {Method::kOptions, "http://h", Form::kAsterisk, "", ""},
        {Method::kOptions, "http://h/", Form::kPath, "/", ""},
        {Method::kOptions, "http://h?q", Form::kPath, "/", "q"},
        {Method::kOptions, "https://h", Form::kHttps, "/", ""},
        {Method::kGet, "https://h/k", Form::kHttps, "/k", ""},
        {Method::kOptions, "*", Form::kAsterisk, "", ""},
        {Method::kConnect, "h:443", Form::kAuthority, "", ""},
    };
    for (const TargetRow& row : rows) {
        CAPTURE(row.text);
        const Target target = parse_target(row.text, row.method);
        CHECK(target.form == row.form);
        CHECK(target.path == row.path);
        CHECK(target.query == row.query);
    }
}

TEST_CASE("what is no form, or not with this method, is faulty") {
    const std::vector<TargetRow> rows{
        {Method::kGet, "*", Form::kFaulty, "", ""},
        {Method::kUnknown, "*", Form::kFaulty, "", ""},
        {Method::kOptions, "**", Form::kFaulty, "", ""},
        {Method::kGet, "k", Form::kFaulty, "", ""},
        {Method::kGet, "h:80", Form::kFaulty, "", ""},
        {Method::kGet, "?q", Form::kFaulty, "", ""},
        {Method::kGet, "ftp://h/k", Form::kFaulty, "", ""},
        {Method::kGet, "http:/h/k", Form::kFaulty, "", ""},
        {Method::kGet, "http:///k", Form::kFaulty, "", ""},
        {Method::kGet, "http://", Form::kFaulty, "", ""},
        {Method::kGet, "http://u@h/k", Form::kFaulty, "", ""},
        {Method::kGet, "http://:80/k", Form::kFaulty, "", ""},
        {Method::kGet, "https:///k", Form::kFaulty, "", ""},
        {Method::kGet, "http", Form::kFaulty, "", ""},
        {Method::kConnect, "/k", Form::kFaulty, "", ""},
        {Method::kConnect, "h", Form::kFaulty, "", ""},
        {Method::kConnect, "http://h/", Form::kFaulty, "", ""},
    };
    for (const TargetRow& row : rows) {
        CAPTURE(row.text);
        CHECK(parse_target(row.text, row.method).form == row.form);
    }
}

} // namespace kvduel::kv
