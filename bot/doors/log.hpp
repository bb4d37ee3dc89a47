#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace logging {

enum class Level { debug, info, warning, error };

using Fields = std::initializer_list<std::pair<std::string_view, std::string>>;

/// What operators read. Never given a secret, a body or a signature. Thread-safe.
class Log {
public:
    virtual ~Log() = default;
    virtual void write(Level level, std::string_view text, Fields fields) = 0;

    void debug(std::string_view text, Fields fields = {}) { write(Level::debug, text, fields); }
    void info(std::string_view text, Fields fields = {}) { write(Level::info, text, fields); }
    void warning(std::string_view text, Fields fields = {}) { write(Level::warning, text, fields); }
    void error(std::string_view text, Fields fields = {}) { write(Level::error, text, fields); }
};

enum class Format { text, json };

/// To standard error.
std::unique_ptr<Log> to_stderr(Format format, Level least);

/// To nowhere.
std::unique_ptr<Log> silent();

} // namespace logging
