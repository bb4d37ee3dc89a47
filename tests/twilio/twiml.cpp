#include "twilio/twilio.hpp"

namespace twilio {

namespace {

const std::map<std::string, std::set<std::string>> verbs{{"Response", {}}, {"Say", {"voice", "language", "loop"}},
    {"Pause", {"length"}}, {"Hangup", {}}, {"Message", {"action", "method"}},
    {"Gather", {"input", "numDigits", "finishOnKey", "timeout", "method", "action", "actionOnEmptyResult"}}};

class Reader {
public:
    explicit Reader(const std::string& document)
        : text_{document}
    {
    }

    Element read()
    {
        if (!text_.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"))
            throw BadTwiml{"there is no XML declaration"};
        at_ = text_.find("?>") + 2;
        auto root = element();
        if (root.name != "Response" || at_ != text_.size())
            throw BadTwiml{"the document is not one Response"};
        return root;
    }

private:
    [[noreturn]] void bad(const std::string& what) const { throw BadTwiml{what + " at byte " + std::to_string(at_)}; }
    bool take(const std::string& what)
    {
        if (text_.compare(at_, what.size(), what) != 0)
            return false;
        at_ += what.size();
        return true;
    }
    void need(const std::string& what)
    {
        if (!take(what))
            bad("no " + what);
    }
    std::string name()
    {
        const auto from = at_;
        while (at_ < text_.size() && std::isalpha(static_cast<unsigned char>(text_[at_])))
            ++at_;
        return text_.substr(from, at_ - from);
    }
    char character()
    {
        if (at_ >= text_.size())
            bad("the end came too early");
        if (text_[at_] != '&') {
            const auto byte = static_cast<unsigned char>(text_[at_]);
            if (byte < 0x20 && byte != '\n' && byte != '\t' && byte != '\r')
                bad("a control character");
            return text_[at_++];
        }
        for (const auto& [entity, is] :
            std::map<std::string, char>{{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}})
            if (take(entity))
                return is;
        bad("an & that is no entity");
    }
    Element element()
    {
        need("<");
        Element found;
        found.name = name();
        if (!verbs.contains(found.name))
            bad("there is no verb " + found.name);
        while (take(" ")) {
            const auto key = name();
            if (!verbs.at(found.name).contains(key) || found.attributes.contains(key))
                bad(found.name + " has no attribute " + key + ", or has it twice");
            need("=\"");
            auto& value = found.attributes[key];
            while (!take("\"")) {
                if (at_ < text_.size() && text_[at_] == '<')
                    bad("a < in an attribute");
                value += character();
            }
        }
        if (take("/>"))
            return found;
        need(">");
        while (!take("</")) {
            if (at_ < text_.size() && text_[at_] == '<')
                found.inner.push_back(element());
            else
                found.text += character();
        }
        if (name() != found.name)
            bad("the wrong end of " + found.name);
        need(">");
        return found;
    }

    const std::string& text_;
    std::size_t at_{};
};

} // namespace

Element twiml_in(const std::string& document) { return Reader{document}.read(); }

} // namespace twilio
