#include "oncall/phone.hpp"

#include "oncall/words.hpp"

#include <algorithm>
#include <array>

namespace oncall {

namespace {

constexpr std::size_t most_digits = 15; // E.164
constexpr std::size_t least_digits = 7; // Niue's

/// Calling codes and their countries (ITU-T E.164 list of assigned codes; of +1 those parts that are countries of their own).
/// Premium and toll-free numbers without a country, +979 and +800, are no telephones one can be woken on, and are left out.
struct Code {
    std::string_view digits{};
    std::string_view countries{}; // with blanks; empty: a satellite or an international network
};
constexpr Code country_codes[]{
    // clang-format off
    {"1", "US CA"}, {"1242", "BS"}, {"1246", "BB"}, {"1264", "AI"}, {"1268", "AG"}, {"1284", "VG"}, {"1340", "VI"},
    {"1345", "KY"}, {"1441", "BM"}, {"1473", "GD"}, {"1649", "TC"}, {"1658", "JM"}, {"1664", "MS"}, {"1670", "MP"},
    {"1671", "GU"}, {"1684", "AS"}, {"1721", "SX"}, {"1758", "LC"}, {"1767", "DM"}, {"1784", "VC"}, {"1787", "PR"},
    {"1809", "DO"}, {"1829", "DO"}, {"1849", "DO"}, {"1868", "TT"}, {"1869", "KN"}, {"1876", "JM"}, {"1939", "PR"},
    {"20", "EG"}, {"211", "SS"}, {"212", "MA EH"}, {"213", "DZ"}, {"216", "TN"}, {"218", "LY"}, {"220", "GM"}, {"221", "SN"},
    {"222", "MR"}, {"223", "ML"}, {"224", "GN"}, {"225", "CI"}, {"226", "BF"}, {"227", "NE"}, {"228", "TG"}, {"229", "BJ"},
    {"230", "MU"}, {"231", "LR"}, {"232", "SL"}, {"233", "GH"}, {"234", "NG"}, {"235", "TD"}, {"236", "CF"}, {"237", "CM"},
    {"238", "CV"}, {"239", "ST"}, {"240", "GQ"}, {"241", "GA"}, {"242", "CG"}, {"243", "CD"}, {"244", "AO"}, {"245", "GW"},
    {"246", "IO"}, {"247", "AC"}, {"248", "SC"}, {"249", "SD"}, {"250", "RW"}, {"251", "ET"}, {"252", "SO"}, {"253", "DJ"},
    {"254", "KE"}, {"255", "TZ"}, {"256", "UG"}, {"257", "BI"}, {"258", "MZ"}, {"260", "ZM"}, {"261", "MG"}, {"262", "RE YT"},
    {"263", "ZW"}, {"264", "NA"}, {"265", "MW"}, {"266", "LS"}, {"267", "BW"}, {"268", "SZ"}, {"269", "KM"}, {"27", "ZA"},
    {"290", "SH"}, {"291", "ER"}, {"297", "AW"}, {"298", "FO"}, {"299", "GL"}, {"30", "GR"}, {"31", "NL"}, {"32", "BE"},
    {"33", "FR"}, {"34", "ES"}, {"350", "GI"}, {"351", "PT"}, {"352", "LU"}, {"353", "IE"}, {"354", "IS"}, {"355", "AL"},
    {"356", "MT"}, {"357", "CY"}, {"358", "FI AX"}, {"359", "BG"}, {"36", "HU"}, {"370", "LT"}, {"371", "LV"}, {"372", "EE"},
    {"373", "MD"}, {"374", "AM"}, {"375", "BY"}, {"376", "AD"}, {"377", "MC"}, {"378", "SM"}, {"380", "UA"}, {"381", "RS"},
    {"382", "ME"}, {"383", "XK"}, {"385", "HR"}, {"386", "SI"}, {"387", "BA"}, {"389", "MK"}, {"39", "IT VA"}, {"40", "RO"},
    {"41", "CH"}, {"420", "CZ"}, {"421", "SK"}, {"423", "LI"}, {"43", "AT"}, {"44", "GB GG JE IM"}, {"45", "DK"},
    {"46", "SE"}, {"47", "NO SJ"}, {"48", "PL"}, {"49", "DE"}, {"500", "FK"}, {"501", "BZ"}, {"502", "GT"}, {"503", "SV"},
    {"504", "HN"}, {"505", "NI"}, {"506", "CR"}, {"507", "PA"}, {"508", "PM"}, {"509", "HT"}, {"51", "PE"}, {"52", "MX"},
    {"53", "CU"}, {"54", "AR"}, {"55", "BR"}, {"56", "CL"}, {"57", "CO"}, {"58", "VE"}, {"590", "GP BL MF"}, {"591", "BO"},
    {"592", "GY"}, {"593", "EC"}, {"594", "GF"}, {"595", "PY"}, {"596", "MQ"}, {"597", "SR"}, {"598", "UY"}, {"599", "CW BQ"},
    {"60", "MY"}, {"61", "AU CX CC"}, {"62", "ID"}, {"63", "PH"}, {"64", "NZ"}, {"65", "SG"}, {"66", "TH"}, {"670", "TL"},
    {"672", "NF"}, {"673", "BN"}, {"674", "NR"}, {"675", "PG"}, {"676", "TO"}, {"677", "SB"}, {"678", "VU"}, {"679", "FJ"},
    {"680", "PW"}, {"681", "WF"}, {"682", "CK"}, {"683", "NU"}, {"685", "WS"}, {"686", "KI"}, {"687", "NC"}, {"688", "TV"},
    {"689", "PF"}, {"690", "TK"}, {"691", "FM"}, {"692", "MH"}, {"7", "RU"}, {"76", "KZ"}, {"77", "KZ"}, {"81", "JP"},
    {"82", "KR"}, {"84", "VN"}, {"850", "KP"}, {"852", "HK"}, {"853", "MO"}, {"855", "KH"}, {"856", "LA"}, {"86", "CN"},
    {"870", ""}, {"880", "BD"}, {"881", ""}, {"882", ""}, {"883", ""}, {"886", "TW"}, {"90", "TR"}, {"91", "IN"},
    {"92", "PK"}, {"93", "AF"}, {"94", "LK"}, {"95", "MM"}, {"960", "MV"}, {"961", "LB"}, {"962", "JO"}, {"963", "SY"},
    {"964", "IQ"}, {"965", "KW"}, {"966", "SA"}, {"967", "YE"}, {"968", "OM"}, {"970", "PS"}, {"971", "AE"}, {"972", "IL"},
    {"973", "BH"}, {"974", "QA"}, {"975", "BT"}, {"976", "MN"}, {"977", "NP"}, {"98", "IR"}, {"992", "TJ"}, {"993", "TM"},
    {"994", "AZ"}, {"995", "GE"}, {"996", "KG"}, {"998", "UZ"},
    // clang-format on
};

/// Where a number's own zero is dialled from abroad as well; everywhere else it stands for "from inside the country".
constexpr std::array<std::string_view, 5> with_zero{"225", "229", "242", "378", "39"};

/// The longest code the digits begin with; nullptr: none.
const Code* code_of(std::string_view digits)
{
    const Code* longest = nullptr;
    for (const auto& code : country_codes)
        if (digits.starts_with(code.digits) && (!longest || code.digits.size() > longest->digits.size()))
            longest = &code;
    return longest;
}

/// The country's own code, without the parts of +1 and +7.
std::string_view trunk_of(std::string_view code)
{
    return code.starts_with("1") || code.starts_with("7") ? code.substr(0, 1) : code;
}

struct Mark {
    std::string_view bytes{};
    std::string_view becomes{};
};
/// What phones and web pages put into numbers that are copied: blanks, hyphens, and marks of the writing direction.
constexpr Mark marks[]{{"\xC2\xA0", " "}, {"\xE2\x80\x87", " "}, {"\xE2\x80\x89", " "}, {"\xE2\x80\xAF", " "},
    {"\xE2\x80\x90", "-"}, {"\xE2\x80\x91", "-"}, {"\xE2\x80\x92", "-"}, {"\xE2\x80\x93", "-"}, {"\xE2\x80\x94", "-"},
    {"\xE2\x80\x8B", ""}, {"\xE2\x80\x8E", ""}, {"\xE2\x80\x8F", ""}, {"\xE2\x80\xAA", ""}, {"\xE2\x80\xAB", ""},
    {"\xE2\x80\xAC", ""}, {"\xE2\x80\xAD", ""}, {"\xE2\x80\xAE", ""}, {"\xEF\xBC\x8B", "+"}, {"\xEF\xBB\xBF", ""}};

std::string plain(std::string_view text)
{
    std::string cleaned;
    while (!text.empty()) {
        const auto* const mark =
            std::find_if(std::begin(marks), std::end(marks), [&](const Mark& one) { return text.starts_with(one.bytes); });
        if (mark != std::end(marks))
            cleaned += mark->becomes;
        else
            cleaned += text.front();
        text.remove_prefix(mark != std::end(marks) ? mark->bytes.size() : 1);
    }
    const auto first = cleaned.find_first_not_of(" \t\r\n");
    return first == cleaned.npos ? std::string{} : cleaned.substr(first, cleaned.find_last_not_of(" \t\r\n") - first + 1);
}

ReadPhone no(std::string problem) { return {{}, std::move(problem)}; }

const std::string with_country{"Begin with + and the country's code, as +49 171 1234567."};

/// Of digits alone, the country's code first.
std::string problem_of(std::string_view digits)
{
    const auto* const code = code_of(digits);
    if (!code)
        return "No country has the code +" + std::string{digits.substr(0, 3)} + ". " + with_country;
    const auto trunk = trunk_of(code->digits);
    const auto rest = digits.substr(trunk.size());
    if (rest.starts_with('0') && std::find(with_zero.begin(), with_zero.end(), trunk) == with_zero.end())
        return "After +" + std::string{trunk} + " the 0 is not dialled: leave it out.";
    if (digits.size() > most_digits)
        return "That is too long: with the country's code a number has at most 15 digits.";
    if (digits.size() < least_digits)
        return "That is too short for a number with its country's code.";
    // Ten digits in all of North America, and neither the area nor the exchange begins with 0 or 1.
    if (trunk == "1" && (digits.size() != 11 || rest[0] < '2' || rest[3] < '2'))
        return "After +1 there are ten digits, as +1 212 555 2368; the first and the fourth are 2 to 9.";
    return {};
}

} // namespace

ReadPhone phone_in(std::string_view text)
{
    if (text.size() > 100)
        return no("That is too long for a telephone number.");
    auto typed = plain(text);
    if (typed.starts_with("tel:"))
        typed = plain(std::string_view{typed}.substr(4));
    if (typed.empty())
        return no("Write a telephone number. " + with_country);
    const bool plus = typed.front() == '+';
    std::string_view left{typed};
    if (plus)
        left.remove_prefix(1);
    std::string digits;
    for (std::size_t at = 0; at < left.size(); ++at) {
        const char c = left[at];
        if (left.substr(at).starts_with("(0)")) {
            // Where the zero is dialled, it is dialled.
            const auto so_far = std::string_view{digits}.substr(!plus && digits.starts_with("00") ? 2 : 0);
            if (std::find(with_zero.begin(), with_zero.end(), so_far) != with_zero.end())
                digits += '0';
            at += 2;
        } else if (is_digit(c)) {
            digits += c;
        } else if (c == '+') {
            return no("There is a + inside the number. Write one number.");
        } else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '#' || c == '*' || c == ',' || c == ';') {
            return no("A number has digits alone: no letters, and no extension, which cannot be called.");
        } else if (std::string_view{" -./()\t"}.find(c) == std::string_view::npos) {
            return no("A number has digits, blanks and hyphens alone. " + with_country);
        }
    }
    if (digits.empty())
        return no("There are no digits in it. " + with_country);
    if (!plus) {
        if (!digits.starts_with("00"))
            return no("The country is missing. " + with_country);
        digits.erase(0, 2);
    }
    auto problem = problem_of(digits);
    return problem.empty() ? ReadPhone{"+" + digits, {}} : no(std::move(problem));
}

bool is_phone(std::string_view text)
{
    return text.size() > 1 && text.front() == '+' && std::all_of(text.begin() + 1, text.end(), is_digit)
        && problem_of(text.substr(1)).empty();
}

std::vector<std::string_view> countries_of(std::string_view number)
{
    std::vector<std::string_view> found;
    const auto* const code = number.starts_with('+') ? code_of(number.substr(1)) : nullptr;
    for (auto left = code ? code->countries : std::string_view{}; !left.empty();) {
        found.push_back(left.substr(0, 2));
        left.remove_prefix(std::min<std::size_t>(left.size(), 3));
    }
    return found;
}

bool is_country_entry(std::string_view entry)
{
    if (entry.starts_with('+'))
        return entry.size() > 1 && entry.size() <= most_digits + 1 && entry[1] != '0'
            && std::all_of(entry.begin() + 1, entry.end(), is_digit);
    return entry.size() == 2 && entry.find(' ') == entry.npos
        && std::any_of(std::begin(country_codes), std::end(country_codes),
            [&](const Code& code) { return code.countries.find(entry) != code.countries.npos; });
}

bool is_allowed(std::string_view number, const std::vector<std::string>& allowed)
{
    const auto countries = countries_of(number);
    return allowed.empty() || std::any_of(allowed.begin(), allowed.end(), [&](const std::string& entry) {
        return entry.starts_with('+') ? number.starts_with(entry)
                                      : std::find(countries.begin(), countries.end(), entry) != countries.end();
    });
}

std::string not_allowed(std::string_view number, const std::vector<std::string>& allowed)
{
    const auto* const code = number.starts_with('+') ? code_of(number.substr(1)) : nullptr;
    std::string entries;
    for (const auto& entry : allowed)
        entries += (entries.empty() ? "" : ", ") + entry;
    return "Numbers that begin with +" + std::string{code ? code->digits : number.substr(0, 3)}
    + " are not allowed here; allowed are " + entries + ". Whoever runs this bot can change that (ONCALL_COUNTRIES).";
}

} // namespace oncall
