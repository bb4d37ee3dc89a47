#include "feeds/ical.hpp"

namespace feeds {

void calm()
{
    // What it cannot read it then says by what it returns.
    icalerror_set_errors_are_fatal(0);
}

} // namespace feeds
