#include "harness/report/report_file.hpp"

#include "harness/report/nearest_name.hpp"
#include "harness/report/read_archive.hpp"
#include "harness/report/report_fields.hpp"
#include "harness/report/strict_json.hpp"
#include "harness/report/whole_file.hpp"
#include "harness/report/write_archive.hpp"

#include <fmt/format.h>

namespace kvduel::report {
namespace {

constexpr const char* kSchema = "kvduel.report/1";
constexpr JsonLimits kLimits{.max_bytes = std::size_t{64} << 20};

Result<experiment::RunReport> from_tree(const Json& tree, std::string_view file) {
    Faults faults;
    const Place root{std::string(file), ""};
    ReadArchive archive(tree, root, faults);
    std::string schema;
    archive.text("schema", schema);
    if (!faults.first() && schema != kSchema)
        archive.fault("schema", fmt::format("{} is not a schema this kvduel reads; allowed: \"{}\"",
                                            in_quotes(schema), kSchema));
    experiment::RunReport report;
    fields(archive, report);
    archive.finish();
    if (faults.first()) return *faults.first();
    return report;
}

} // namespace

std::string report_text(const experiment::RunReport& report) {
    WriteArchive archive;
    archive.text("schema", kSchema);
    fields(archive, report);
    // Bytes of a server's stderr need not be UTF-8: what is not becomes U+FFFD.
    return archive.take().dump(1, ' ', false, WriteArchive::Tree::error_handler_t::replace) + "\n";
}

Result<experiment::RunReport> parse_report(std::string_view text, std::string_view file) {
    const Result<Json> tree = parse_json(text, file, kLimits);
    return tree ? from_tree(*tree, file) : tree.error();
}

Result<experiment::RunReport> read_report(const std::string& path) {
    const Result<Json> tree = read_json_file(path, kLimits);
    return tree ? from_tree(*tree, path) : tree.error();
}

Outcome FileSink::write(const experiment::RunReport& report) {
    return write_whole_file(path_, report_text(report));
}

} // namespace kvduel::report
