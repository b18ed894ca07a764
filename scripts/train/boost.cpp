// SPDX-License-Identifier: MIT
// Gradient boosting with trees whose levels each ask one question, for scripts/train/train.py:
//
//   boost ROWS FEATURES TREES RATE SEED < DATA > MODEL
//
// DATA: ROWS floats of labels (0 to 1), ROWS of weights, then FEATURES columns of ROWS floats.
// MODEL: a line with the bias, then a line a tree: five features, five thresholds, 32 leaves. The
// same input gives the same output.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <random>
#include <thread>
#include <vector>

namespace {

constexpr int depth = 5;
constexpr int leaves = 1 << depth;
constexpr int bins = 64;
// In the unit of the second derivatives; a page's blocks together weigh about 150.
constexpr double ridge = 3.0;
constexpr double least_weight = 4.0;

struct Column {
  std::vector<float> thresholds;
  std::vector<std::uint8_t> bin;
};

Column make_column(const std::vector<float>& values) {
  std::vector<float> sorted(values);
  std::sort(sorted.begin(), sorted.end());
  Column column;
  for (int i = 1; i < bins; ++i) {
    const float below = sorted[sorted.size() * static_cast<std::size_t>(i) / bins];
    const auto above = std::upper_bound(sorted.begin(), sorted.end(), below);
    if (above == sorted.end()) break;
    const float cut = below + (*above - below) / 2;
    if (column.thresholds.empty() || cut > column.thresholds.back())
      column.thresholds.push_back(cut);
  }
  // The smallest value often stands for "none": let a question single it out.
  const auto second = std::upper_bound(sorted.begin(), sorted.end(), sorted.front());
  if (second != sorted.end()) {
    const float cut = sorted.front() + (*second - sorted.front()) / 2;
    if (column.thresholds.empty() || cut < column.thresholds.front())
      column.thresholds.insert(column.thresholds.begin(), cut);
  }
  column.bin.reserve(values.size());
  for (const float value : values) {
    const auto at = std::lower_bound(column.thresholds.begin(), column.thresholds.end(), value);
    column.bin.push_back(static_cast<std::uint8_t>(at - column.thresholds.begin()));
  }
  return column;
}

struct Sum {
  float gradient = 0;
  float curvature = 0;
};

double score(double gradient, double curvature) {
  return gradient * gradient / (curvature + ridge);
}

struct Split {
  double gain = -1;
  std::size_t feature = 0;
  std::size_t cut = 0;
};

Split best_cut(const Column& column, std::size_t feature, const std::vector<std::uint8_t>& leaf,
               const std::vector<Sum>& sums, int level) {
  const int count = 1 << level;
  std::vector<Sum> histogram(static_cast<std::size_t>(count) * (bins + 1));
  for (std::size_t i = 0; i < leaf.size(); ++i) {
    Sum& into = histogram[leaf[i] * (bins + 1U) + column.bin[i]];
    into.gradient += sums[i].gradient;
    into.curvature += sums[i].curvature;
  }
  std::vector<double> gains(column.thresholds.size(), 0.0);
  for (int at = 0; at < count; ++at) {
    const Sum* row = histogram.data() + static_cast<std::size_t>(at) * (bins + 1);
    double gradient = 0;
    double curvature = 0;
    for (std::size_t bin = 0; bin <= column.thresholds.size(); ++bin) {
      gradient += row[bin].gradient;
      curvature += row[bin].curvature;
    }
    const double before = score(gradient, curvature);
    double left = 0;
    double left_curvature = 0;
    for (std::size_t cut = 0; cut < column.thresholds.size(); ++cut) {
      left += row[cut].gradient;
      left_curvature += row[cut].curvature;
      if (left_curvature < least_weight || curvature - left_curvature < least_weight) continue;
      gains[cut] +=
          score(left, left_curvature) + score(gradient - left, curvature - left_curvature) - before;
    }
  }
  Split best;
  for (std::size_t cut = 0; cut < gains.size(); ++cut) {
    if (gains[cut] > best.gain) best = {gains[cut], feature, cut};
  }
  return best;
}

std::vector<float> read_column(std::size_t rows) {
  std::vector<float> values(rows);
  if (std::fread(values.data(), sizeof(float), rows, stdin) != rows) std::exit(1);
  return values;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) return 2;
  const std::size_t rows = std::strtoull(argv[1], nullptr, 10);
  const std::size_t features = std::strtoull(argv[2], nullptr, 10);
  const int trees = std::atoi(argv[3]);
  const double rate = std::atof(argv[4]);
  std::mt19937 random(static_cast<unsigned>(std::atoi(argv[5])));
  const std::vector<float> labels = read_column(rows);
  const std::vector<float> weights = read_column(rows);
  std::vector<Column> columns;
  for (std::size_t i = 0; i < features; ++i)
    columns.push_back(make_column(read_column(rows)));

  double positive = 0;
  double all = 0;
  for (std::size_t i = 0; i < rows; ++i) {
    positive += static_cast<double>(weights[i]) * static_cast<double>(labels[i]);
    all += static_cast<double>(weights[i]);
  }
  const double bias = std::log(positive / (all - positive));
  std::vector<double> odds(rows, bias);
  std::printf("%.6f\n", bias);

  std::vector<Sum> sums(rows);
  std::vector<std::uint8_t> leaf(rows);
  for (int tree = 0; tree < trees; ++tree) {
    for (std::size_t i = 0; i < rows; ++i) {
      // Each tree sees a part of the rows.
      const bool seen = random() % 100 < 70;
      const double p = 1 / (1 + std::exp(-odds[i]));
      const double weight = seen ? static_cast<double>(weights[i]) : 0.0;
      sums[i] = {static_cast<float>(weight * (static_cast<double>(labels[i]) - p)),
                 static_cast<float>(weight * std::max(p * (1 - p), 1e-4))};
    }
    std::vector<std::size_t> asked;
    for (std::size_t i = 0; i < features; ++i) {
      if (random() % 100 < 40 && !columns[i].thresholds.empty()) asked.push_back(i);
    }
    std::fill(leaf.begin(), leaf.end(), std::uint8_t{0});
    std::array<Split, depth> splits;
    for (int level = 0; level < depth; ++level) {
      std::array<Split, 2> bests;
      const auto search = [&](std::size_t part) {
        for (std::size_t i = part; i < asked.size(); i += 2) {
          const Split split = best_cut(columns[asked[i]], asked[i], leaf, sums, level);
          if (split.gain > bests[part].gain) bests[part] = split;
        }
      };
      std::thread other(search, 1);
      search(0);
      other.join();
      Split& best = splits[static_cast<std::size_t>(level)];
      best = bests[1].gain > bests[0].gain ? bests[1] : bests[0];
      const Column& column = columns[best.feature];
      for (std::size_t i = 0; i < rows; ++i) {
        leaf[i] =
            static_cast<std::uint8_t>(leaf[i] | ((column.bin[i] > best.cut ? 1U : 0U) << level));
      }
    }
    std::array<double, leaves> gradient{};
    std::array<double, leaves> curvature{};
    for (std::size_t i = 0; i < rows; ++i) {
      gradient[leaf[i]] += sums[i].gradient;
      curvature[leaf[i]] += sums[i].curvature;
    }
    for (const Split& split : splits)
      std::printf("%zu ", split.feature);
    for (const Split& split : splits)
      std::printf("%.9g ", static_cast<double>(columns[split.feature].thresholds[split.cut]));
    std::array<double, leaves> step{};
    for (std::size_t i = 0; i < leaves; ++i) {
      step[i] = std::clamp(rate * gradient[i] / (curvature[i] + ridge), -4.0, 4.0);
      std::printf("%d ", static_cast<int>(std::lround(step[i] * 4096)));
    }
    std::printf("\n");
    for (std::size_t i = 0; i < rows; ++i)
      odds[i] += step[leaf[i]];
  }
  return 0;
}
