// SPDX-License-Identifier: MIT
#include "archive/certificate.hpp"

#include <climits>

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "core/handle.hpp"
#include "core/sha256.hpp"

namespace dandelion {
namespace {

using Bio = Handle<BIO, BIO_free_all>;
using Certificate = Handle<X509, X509_free>;

}  // namespace

std::string certificate_fingerprint(std::string_view pem) {
  if (pem.size() > INT_MAX) return {};
  const Bio input(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const Certificate certificate(PEM_read_bio_X509(input.get(), nullptr, nullptr, nullptr));
  if (!certificate) return {};
  const int size = i2d_X509(certificate.get(), nullptr);
  if (size <= 0) return {};
  std::string der(static_cast<std::size_t>(size), '\0');
  auto* end = reinterpret_cast<unsigned char*>(der.data());
  i2d_X509(certificate.get(), &end);
  return sha256_hex(der);
}

}  // namespace dandelion
