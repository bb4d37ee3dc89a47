#pragma once

namespace bench {

/// Milliseconds for one year of final shifts: five rotations, twenty people, windows, 200 overrides.
double a_year_of_shifts();
/// Milliseconds for who is on call now, in a thousand schedules of three rotations.
double who_in_a_thousand();

} // namespace bench
