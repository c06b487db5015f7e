// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The engine's precompiled headers, and those of the tests of what needs no window.

#include "engine/precompiled_headers.h"

#include <QTest>
