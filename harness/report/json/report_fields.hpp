#pragma once

#include "harness/experiment/record/report.hpp"
#include "harness/report/json/finding_fields.hpp"
#include "harness/report/json/run_fields.hpp"
#include "harness/report/json/suite_fields.hpp"
#include "harness/report/json/trial_fields.hpp"

/// The fields of kvduel.report/1, once for writing and reading: `fields(archive, value)` names each field of
/// a value in the order of the file, with its type and range. results/schema/kvduel.report.1.schema.json says
/// the same; tests hold the two together.
namespace kvduel::report {

template <typename Archive>
void fields(Archive& archive, Ref<Archive, experiment::RunReport> report) {
    archive.object("tool", report.tool);
    archive.object("run", report.run);
    archive.object("environment", report.environment);
    archive.object("suite", report.suite);
    archive.list("contenders", report.contenders);
    archive.list("capacities", report.capacities);
    archive.list("searches", report.searches);
    archive.list("trials", report.trials);
    archive.list("summary", report.summary);
    archive.list("comparisons", report.comparisons);
    archive.list("crossings", report.crossings);
    archive.list("expectations", report.expectations);
}

} // namespace kvduel::report
