// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Headers of other libraries that many sources of the engine need, parsed once where
// TIMESTEP_PRECOMPILED_HEADERS is on. Not to be included: a source names what it needs itself.

#include <Eigen/Core>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>
