#pragma once

namespace notify {

/// Frees what a C library has made, for a std::unique_ptr: std::unique_ptr<BIO, FreedBy<BIO_free>>.
template <auto Free> struct FreedBy {
    template <class T> void operator()(T* thing) const { Free(thing); }
};

} // namespace notify
