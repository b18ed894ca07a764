// SPDX-License-Identifier: MIT
#include "archive/capture_budget.hpp"

namespace dandelion {

Result<void> BudgetedBody::begin() {
  budget_->bodies += body_.size();
  body_.clear();
  return {};
}

Result<void> BudgetedBody::write(std::string_view piece) {
  if (piece.size() > budget_->bodies) {
    budget_->is_spent = true;
    return fail(ErrorKind::too_large, "the page shows more than is kept of one");
  }
  budget_->bodies -= piece.size();
  body_ += piece;
  return {};
}

}  // namespace dandelion
