#include "feeds/ical.hpp"

namespace feeds {

void calm()
{
    // What it cannot read it then says by what it returns. Once: calendars are read on a thread of their own.
    [[maybe_unused]] static const bool once = [] {
        icalerror_set_errors_are_fatal(0);
        return true;
    }();
}

} // namespace feeds
