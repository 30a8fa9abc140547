#include "harness/report/readers/contender_reader.hpp"

#include "harness/report/json/read_archive.hpp"
#include "harness/report/readers/builtin.hpp"

#include <fmt/format.h>

#include <set>

namespace kvduel::report {

using experiment::Contender;

Contender read_contender(const Json& tree, const Place& place, Faults& faults) {
    Contender contender;
    Fields fields(tree, place, faults);
    ReadArchive archive(tree, place, faults);
    if (fields.find("id", Need::kRequired) != nullptr) archive.text("id", contender.id, TextPattern::kId);
    contender.title = contender.id;
    contender.model = "custom";
    fields.read("title", Need::kOptional, contender.title);
    fields.read("model", Need::kOptional, contender.model);
    if (fields.read("command", Need::kRequired, contender.command) &&
        (contender.command.empty() || contender.command.front().empty()))
        fields.fault("command", "names no program; allowed: a list of texts, the program first");
    fields.read_word<experiment::Ready>("ready", Need::kOptional, contender.ready, kReadyWords);
    if (fields.find_object("options", Need::kOptional) != nullptr)
        archive.text_map("options", contender.options);
    fields.read("requires", Need::kOptional, contender.required_tools);
    fields.read("setup", Need::kOptional, contender.setup);
    fields.refuse_unknown();
    return contender;
}

Result<std::vector<Contender>> parse_contenders(std::string_view text, std::string_view file) {
    const Result<Json> tree = parse_json(text, file, {.allows_comments = true});
    if (!tree) return tree.error();
    Faults faults;
    Fields fields(*tree, {std::string(file), ""}, faults);
    std::vector<Contender> contenders;
    std::set<std::string> ids;
    if (const Json* list = fields.find_array("contenders", Need::kRequired)) {
        for (std::size_t i = 0; i < list->size(); ++i) {
            const Place place = fields.at("contenders").child(i);
            contenders.push_back(read_contender((*list)[i], place, faults));
            if (!ids.insert(contenders.back().id).second)
                faults.add(place.child("id"), fmt::format("\"{}\" appears twice", contenders.back().id));
        }
    }
    fields.refuse_unknown();
    if (faults.first()) return *faults.first();
    return contenders;
}

const std::vector<Contender>& builtin_contenders() {
    // The file is compiled in and read by a test: a fault in it is a broken promise.
    static const std::vector<Contender> kContenders =
        parse_contenders(builtin_contenders_file().text, builtin_contenders_file().path).value();
    return kContenders;
}

} // namespace kvduel::report
