#include "harness/cli/target.hpp"

#include "harness/cli/url.hpp"
#include "harness/experiment/server/tcp_client.hpp"

#include <chrono>
#include <utility>

namespace kvduel::cli {
namespace {

constexpr Duration kConnectWait = std::chrono::seconds(5);

} // namespace

experiment::Contender make_target(load::Target target) {
    experiment::Contender contender;
    contender.id = contender.title = "target";
    contender.model = "custom";
    contender.target = std::move(target);
    return contender;
}

Outcome check_reachable(const load::Target& target) {
    const auto reached = experiment::connect_tcp(target, Clock::now() + kConnectWait);
    return reached ? ok() : reached.error();
}

Take take_target(std::function<void(experiment::Contender)> keep) {
    return [=](const std::string& text) -> Outcome {
        auto url = parse_url(text);
        if (!url) return url.error();
        if (!url->path.empty() && url->path != "/") return bad_value("has a path", "http://HOST:PORT");
        keep(make_target(std::move(url->target)));
        return ok();
    };
}

} // namespace kvduel::cli
