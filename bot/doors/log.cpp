#include "doors/log.hpp"

#include "doors/mask.hpp"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace logging {

namespace {

std::string json_string(std::string_view text)
{
    std::string out{"\""};
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            constexpr char digits[] = "0123456789abcdef";
            out += "\\u00";
            out += digits[(c >> 4) & 15];
            out += digits[c & 15];
        } else {
            out += c;
        }
    }
    return out + '"';
}

/// Needs no quotes, and begins no line of its own.
bool is_one_word(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](unsigned char c) { return c > 0x20 && c != '"' && c != 0x7f; });
}

class Stderr final : public Log {
public:
    Stderr(Format format, Level least)
        : format_{format}
    {
        auto sink = std::make_shared<spdlog::sinks::stderr_color_sink_mt>();
        logger_ = std::make_unique<spdlog::logger>("oncall-bot", std::move(sink));
        logger_->set_level(level_of(least));
        logger_->set_pattern(
            format == Format::json ? R"({"time":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l",%v})" : "%Y-%m-%d %H:%M:%S.%e %^%-7l%$ %v");
    }

    void write(Level level, std::string_view text, Fields fields) override
    {
        std::string line = format_ == Format::json ? "\"text\":" + json_string(text) : std::string{text};
        for (const auto& [name, unmasked] : fields) {
            const auto value = masked(unmasked);
            if (format_ == Format::json)
                line += "," + json_string(name) + ":" + json_string(value);
            else
                line += " " + std::string{name} + "=" + (is_one_word(value) ? value : json_string(value));
        }
        logger_->log(level_of(level), line);
    }

private:
    static spdlog::level::level_enum level_of(Level level)
    {
        switch (level) {
        case Level::debug: return spdlog::level::debug;
        case Level::info: return spdlog::level::info;
        case Level::warning: return spdlog::level::warn;
        case Level::error: break;
        }
        return spdlog::level::err;
    }

    Format format_;
    std::unique_ptr<spdlog::logger> logger_{};
};

class Silent final : public Log {
public:
    void write(Level, std::string_view, Fields) override { }
};

} // namespace

std::unique_ptr<Log> to_stderr(Format format, Level least) { return std::make_unique<Stderr>(format, least); }
std::unique_ptr<Log> silent() { return std::make_unique<Silent>(); }

} // namespace logging
