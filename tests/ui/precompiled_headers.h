// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The window's precompiled headers, and those of its tests.

#include "ui/precompiled_headers.h"

#include <QSignalSpy>
#include <QTest>
