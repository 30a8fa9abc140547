#include "servers/common/lane.hpp"

namespace kvduel::servers {

void Lane::renew(TimePoint now) noexcept {
    const auto wall = std::chrono::system_clock::now().time_since_epoch();
    date_ = http::format_date(std::chrono::duration_cast<std::chrono::seconds>(wall).count());
    date_until_ = now + std::chrono::milliseconds(500);
}

} // namespace kvduel::servers
