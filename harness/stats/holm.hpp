#pragma once

#include <span>
#include <vector>

namespace kvduel::stats {

/// p values adjusted for their number, in their order (Holm 1979): the chance that any p <= alpha among true
/// null hypotheses is at most alpha, however they depend on each other. Pure.
std::vector<double> holm(std::span<const double> p);

} // namespace kvduel::stats
