#include "harness/experiment/doctor.hpp"

#include "harness/experiment/machine/fact_tree_for_test.hpp"

#include <doctest/doctest.h>

#include <set>

namespace kvduel::experiment {
namespace {

const std::atomic<bool> kNobodyStops{false};
const std::atomic<bool> kStop{true};

DoctorScene short_scene(const FactTree& facts) {
    DoctorScene scene = make_scene(facts, std::nullopt, std::nullopt);
    scene.spin = std::chrono::milliseconds(1);
    return scene;
}

} // namespace

TEST_CASE("every check finds something under its own name, on a machine without any file") {
    const DoctorScene scene = short_scene(FactTree("/nonexistent"));
    std::vector<std::string_view> asked;
    const auto findings = examine(
        scene, false, [&](const DoctorCheck& check) { asked.push_back(check.name); }, kNobodyStops);
    REQUIRE(findings.size() == doctor_checks().size());
    for (std::size_t i = 0; i < findings.size(); ++i) {
        CAPTURE(findings[i].check);
        CHECK(findings[i].check == doctor_checks()[i].name);
        CHECK(asked[i] == doctor_checks()[i].name);
        CHECK_FALSE(findings[i].message.empty());
        CHECK_FALSE(findings[i].values.empty());
    }
    CHECK(findings.back().message == "not to be had: no server to run");
}

TEST_CASE("the quick part leaves out what needs trials") {
    const auto findings = examine(short_scene(FactTree()), true, nullptr, kNobodyStops);
    std::set<std::string> names;
    for (const DoctorFinding& finding : findings) names.insert(finding.check);
    CHECK(names.size() == findings.size());
    for (const char* left_out : {"loopback", "ceiling", "aa_noise"}) CHECK_FALSE(names.contains(left_out));
    for (const char* made : {"timer", "clock", "noise", "steal", "pressure", "load"})
        CHECK(names.contains(made));
}

TEST_CASE("the readings of a check have the same names, whether they could be had or not") {
    const FakeMachine bare{};
    const auto here = examine(short_scene(FactTree()), true, nullptr, kNobodyStops);
    const auto nowhere = examine(short_scene(bare.facts()), true, nullptr, kNobodyStops);
    REQUIRE(here.size() == nowhere.size());
    for (std::size_t i = 0; i < here.size(); ++i) {
        CAPTURE(here[i].check);
        REQUIRE(here[i].values.size() == nowhere[i].values.size());
        for (std::size_t j = 0; j < here[i].values.size(); ++j)
            CHECK(here[i].values[j].name == nowhere[i].values[j].name);
    }
}

TEST_CASE("a check that is told to stop makes no further one") {
    CHECK(examine(short_scene(FactTree()), false, nullptr, kStop).empty());
}

} // namespace kvduel::experiment
