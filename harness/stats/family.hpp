#pragma once

#include "harness/stats/endpoint.hpp"

#include <optional>
#include <span>
#include <vector>

namespace kvduel::stats {

/// The p of each endpoint of a family, adjusted so that among endpoints without a difference the chance of
/// any p <= alpha is at most alpha. None where there are fewer than three pairs: such an endpoint makes no
/// claim and does not count. With 3 to 5 pairs: t and Holm; from 6 on: sign-flip max-t.
///
/// A family may hold both, as pairs get lost: then alpha is shared in proportion to their number, i.e. p
/// of either group is multiplied by (endpoints / endpoints of the group). That holds the error however the
/// groups depend on each other (Bonferroni with weights). Which group an endpoint is in depends on which
/// trials were valid, not on what they measured. Pure; bounded work (sign_flip.hpp).
std::vector<std::optional<double>> adjusted_p(std::span<const Endpoint> family);

} // namespace kvduel::stats
