// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

namespace dandelion {

template <auto Free>
struct FreeWith {
  template <typename T>
  void operator()(T* object) const noexcept {
    Free(object);
  }
};

// Owns an object of a C library; Free is the library's own function. Empty or valid, as small as a
// pointer.
template <typename T, auto Free>
using Handle = std::unique_ptr<T, FreeWith<Free>>;

// Lets `int make(T** out)` fill a Handle: make(out(handle)). It lives to the end of the full
// expression: read the handle in the next statement, never in the same one. (std::out_ptr is
// C++23.)
template <typename H>
class OutParam {
 public:
  explicit OutParam(H& handle) : handle_(handle) {}
  ~OutParam() { handle_.reset(raw_); }
  OutParam(const OutParam&) = delete;
  OutParam& operator=(const OutParam&) = delete;
  OutParam(OutParam&&) = delete;
  OutParam& operator=(OutParam&&) = delete;
  operator typename H::pointer *() { return &raw_; }

 private:
  H& handle_;
  typename H::pointer raw_ = nullptr;
};

template <typename H>
[[nodiscard]] OutParam<H> out(H& handle) {
  return OutParam<H>(handle);
}

}  // namespace dandelion
